"""What the registry tells of a value beside it: when its source was read, who declared it, what waits for a restart."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from coreops_hookspecs import Setting, SettingValue, Table
from coreops_hookspecs.errors import ConfigError
from coreops_shared.clock import ManualClock
from coreops_shared.config.registry import Registry
from coreops_shared.config.settings import load


@pytest.fixture
def toml(tmp_path: Path) -> Path:
    path = tmp_path / "coreops.toml"
    path.write_text('log_level = "INFO"\n[config]\nIN_FILE = "file"\n')
    return path


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def registry(tmp_path: Path, toml: Path, clock: ManualClock) -> Registry:
    env = {"DISCORD_TOKEN": "planted", "COREOPS_WORKBOOK": str(tmp_path), "IN_ENV": "env"}
    registry = Registry(load(env, toml), clock=clock)
    for key in ("IN_ENV", "IN_FILE", "IN_SHEET", "NOWHERE"):
        registry.add("welcome", Setting(key, default="default", help=f"About {key}"))
    return registry


async def worksheet() -> Table:
    return Table("book", "Config", (("KEY", "VALUE"), ("IN_SHEET", "sheet")))


def told(registry: Registry, key: str) -> SettingValue:
    return next(value for value in registry.describe() if value.key == key)


async def test_each_value_tells_when_its_source_was_last_read(registry: Registry, clock: ManualClock) -> None:
    start = clock.now()
    clock.advance(60)
    await registry.load(worksheet)
    assert told(registry, "IN_ENV").read_at == start
    assert told(registry, "IN_SHEET").read_at == clock.now()
    assert told(registry, "NOWHERE").read_at is None
    assert told(registry, "DISCORD_TOKEN").read_at == start
    clock.advance(60)
    await registry.reload(worksheet)
    assert told(registry, "IN_FILE").read_at == told(registry, "IN_SHEET").read_at == clock.now()


def test_each_value_tells_who_declared_it_and_what_it_is_for(registry: Registry) -> None:
    value = told(registry, "IN_ENV")
    assert (value.plugin, value.help) == ("welcome", "About IN_ENV")
    assert told(registry, "LOG_LEVEL").help.startswith("From which level on lines are logged: DEBUG, INFO")


async def test_a_check_may_refuse_values_before_they_are_taken_over(registry: Registry) -> None:
    seen: dict[str, Any] = {}

    def check(values: Any) -> list[str]:
        seen.update({key: resolved.value for key, resolved in values.items()})
        return ["IN_SHEET is odd"]

    with pytest.raises(ConfigError) as raised:
        await registry.reload(worksheet, check)
    assert raised.value.problems == ("IN_SHEET is odd",)
    assert seen["IN_SHEET"] == "sheet"
    assert registry.get("IN_SHEET") == "default"


async def test_settings_of_the_process_that_changed_in_the_file_wait_for_a_restart(
    registry: Registry, toml: Path
) -> None:
    assert registry.waiting() == ()
    toml.write_text('log_level = "DEBUG"\nenv_name = "prod"\n')
    await registry.reload(worksheet)
    assert registry.waiting() == ("ENV_NAME", "LOG_LEVEL")


@pytest.mark.parametrize(
    ("value", "plain"),
    [(frozenset({2, 1}), [1, 2]), (("a", "b"), ["a", "b"]), (Path("x"), "x"), (1.5, 1.5), (None, None), (True, True)],
)
def test_a_value_is_known_to_json(value: Any, plain: Any) -> None:
    assert SettingValue("KEY", value, "env").plain == plain


async def test_the_worksheet_is_read_by_its_locale_and_the_environment_alike_everywhere(tmp_path: Path) -> None:
    env = {"DISCORD_TOKEN": "t", "COREOPS_WORKBOOK": str(tmp_path), "COREOPS_SHEETS_LOCALE": "de", "IN_ENV": "1,234"}
    registry = Registry(load(env))
    for key, kind in {"IN_ENV": int, "SHARE": float, "OPEN": bool}.items():
        registry.add("welcome", Setting(key, kind))

    async def german() -> Table:
        return Table("book", "Config", (("KEY", "VALUE"), ("SHARE", "1.234,5"), ("OPEN", "WAHR")))

    assert await registry.load(german) == ()
    assert (registry.get("IN_ENV"), registry.get("SHARE"), registry.get("OPEN")) == (1234, 1234.5, True)
    await registry.reload(german)
    assert registry.get("SHARE") == 1234.5


async def test_the_error_of_a_formula_is_no_value(registry: Registry) -> None:
    async def spoilt() -> Table:
        return Table("book", "Config", (("KEY", "VALUE"), ("IN_SHEET", " #REF! ")))

    told_at_start = await registry.load(spoilt)
    problem = "IN_SHEET (sheet:book!Config!B2): shows #REF!, the error of a formula; mend the cell"
    assert told_at_start == (problem,)
    assert told(registry, "IN_SHEET").value == "default"
    await registry.load(worksheet)
    with pytest.raises(ConfigError) as caught:
        await registry.reload(spoilt)
    assert caught.value.problems == (problem,)
    assert told(registry, "IN_SHEET").value == "sheet"
