"""``coreops config``: the settings of a running bot, or those that environment and file give here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import click

from coreops.cli.asked import ago, ask, declared_here, fail, options, show

__all__ = ["command"]


def _value(setting: Mapping[str, Any]) -> str:
    if setting["secret"]:
        return "not set" if setting["source"] == "default" else "set (withheld)"
    value = setting["value"]
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)


_COLUMNS: Final[Mapping[str, Callable[[Mapping[str, Any]], str]]] = {
    "key": lambda setting: str(setting["key"]),
    "value": _value,
    "source": lambda setting: str(setting["source"]),
    "read": lambda setting: ago(setting["read_at"]) if setting["read_at"] else "",
    "declared by": lambda setting: setting["plugin"] or "coreops",
}


@click.command("config")
@click.argument("key", default="")
@options
@click.option("--offline", is_flag=True, help="Read environment and file here, without a running bot or a worksheet.")
def command(*, key: str, as_json: bool, http_port: int, offline: bool) -> None:
    """Show the settings, or those that begin with KEY: value, source, and when that was read. Secrets are withheld."""
    settings = _here() if offline else ask(http_port, "settings", "key")
    chosen = [setting for setting in settings if str(setting["key"]).startswith(key.upper())]
    if not chosen:
        from coreops_shared.suggest import did_you_mean

        fail(f"no setting begins with {key.upper()}{did_you_mean(key.upper(), [one['key'] for one in settings])}")
    show(chosen, _COLUMNS, as_json=as_json)


def _here() -> Sequence[Mapping[str, Any]]:
    from dataclasses import asdict

    return [
        asdict(setting)
        | {"value": setting.plain, "read_at": None if setting.read_at is None else setting.read_at.isoformat()}
        for setting in declared_here().registry.describe()
    ]
