"""The lock: which plugins may run, by the hash of their distribution's RECORD. Blocks, so call it in a thread.

It tells that what was installed is what was locked. It is no wall against whoever can write to the folder of code:
byte code in ``__pycache__`` and the libraries that plugins require are not looked at.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from coreops.plugins.discovery import Found, discover
from coreops.plugins.record import read_record
from coreops_hookspecs.errors import ConfigError, DeclarationError

__all__ = ["Pin", "find_installed", "pin", "read_lock", "verified", "write_lock"]

_FORMAT: Final = 1
_HEADER: Final = "# Which plugins may run. Written by `coreops plugins lock`; COREOPS_PLUGINS_LOCK names this file.\n"


@dataclass(frozen=True, slots=True)
class Pin:
    """One locked distribution: its version, for people, and the digest of its RECORD."""

    version: str
    record: str


def find_installed(lock: Path | None) -> Sequence[Found]:
    """Return the installed plugins by name, those that a lock does not vouch for with the reason.

    Raises:
        ConfigError: the lock cannot be read.
    """
    return discover() if lock is None else verified(discover(), read_lock(lock))


def verified(found: Iterable[Found], pins: Mapping[str, Pin]) -> Sequence[Found]:
    """Return the plugins, with a problem for each that is not what was locked."""
    return tuple(plugin if plugin.problem else replace(plugin, problem=_problem(plugin, pins)) for plugin in found)


def pin(found: Found) -> Pin:
    """Return what to write into a lock for a plugin.

    Raises:
        DeclarationError: its files are not those of its RECORD, as in an editable install.
    """
    distribution = None if found.entry_point is None else found.entry_point.dist
    if found.entry_point is None or distribution is None:
        msg = f"plugin {found.name!r} belongs to no distribution; install it"
        raise DeclarationError(msg)
    record = read_record(distribution)
    if problem := record.problem(found.entry_point.module):
        msg = f"distribution {found.distribution!r} cannot be locked: {problem}"
        raise DeclarationError(msg)
    return Pin(found.version, record.digest)


def read_lock(path: Path) -> Mapping[str, Pin]:
    """Read a lock: pins by the normalized name of their distribution.

    Raises:
        ConfigError: it is not there or no lock.
    """
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        msg = f"COREOPS_PLUGINS_LOCK: {path} cannot be read: {error}; write it with coreops plugins lock"
        raise ConfigError(msg) from error
    try:
        return dict(_pins(table))
    except (KeyError, TypeError, AttributeError) as error:
        msg = f"COREOPS_PLUGINS_LOCK: {path} is no lock of format {_FORMAT}; write it with coreops plugins lock"
        raise ConfigError(msg) from error


def write_lock(path: Path, pins: Mapping[str, Pin]) -> None:
    """Write a lock, by name, so that two writings of the same plugins are the same file.

    Args:
        path: Where.
        pins: By name of distribution.
    """
    lines = [_HEADER, f"format = {_FORMAT}"]
    for name, each in sorted((_normalized(name), each) for name, each in pins.items()):
        # json and TOML write these texts alike
        lines += ["", f"[distributions.{name}]", f"version = {json.dumps(each.version)}"]
        lines += [f"record = {json.dumps(each.record)}"]
    path.write_text("\n".join([*lines, ""]), encoding="utf-8")


def _problem(found: Found, pins: Mapping[str, Pin]) -> str:
    wanted = pins.get(_normalized(found.distribution))
    if wanted is None:
        return f"distribution {found.distribution!r} is not in the lock; check it, then run coreops plugins lock"
    try:
        installed = pin(found)
    except DeclarationError as error:
        return str(error)
    if installed.record == wanted.record:
        return ""
    return (
        f"distribution {found.distribution!r} {installed.version} is not what was locked ({wanted.version}): "
        f"its RECORD differs; check it, then run coreops plugins lock"
    )


def _pins(table: Mapping[str, Any]) -> Iterator[tuple[str, Pin]]:
    if table["format"] != _FORMAT:
        raise KeyError(_FORMAT)
    for name, entry in table.get("distributions", {}).items():
        yield _normalized(name), Pin(str(entry["version"]), str(entry["record"]))


def _normalized(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()  # "Names and normalization", Python Packaging User Guide
