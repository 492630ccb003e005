"""Plugins' settings: typed, from four sources, replaced as a whole or not at all."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from coreops_hookspecs import Config, ConfigDiff, Setting, Table
from coreops_hookspecs.errors import ConfigError, DeclarationError, SheetsUnavailableError
from coreops_shared.config.registry import ReadWorksheet, Registry
from coreops_shared.config.settings import load

Build = Callable[..., Registry]


@pytest.fixture
def toml(tmp_path: Path) -> Path:
    path = tmp_path / "coreops.toml"
    path.write_text("")
    return path


@pytest.fixture
def build(tmp_path: Path, toml: Path) -> Build:
    def build(*settings: Setting, **env: str) -> Registry:
        registry = Registry(load({"DISCORD_TOKEN": "planted", "COREOPS_WORKBOOK": str(tmp_path), **env}, toml))
        for setting in settings:
            registry.add("welcome", setting)
        return registry

    return build


def worksheet(*rows: tuple[str, ...], headers: tuple[str, ...] = ("KEY", "VALUE")) -> ReadWorksheet:
    async def read() -> Table:
        return Table("recruitment", "Config", (headers, *rows))

    return read


async def none() -> None:
    return None


async def outage() -> Table:
    raise SheetsUnavailableError("down")


def source_of(registry: Registry, key: str) -> str:
    return next(value.source for value in registry.describe() if value.key == key)


async def test_the_first_source_that_names_a_key_decides(build: Build, toml: Path) -> None:
    toml.write_text('[config]\nin_file = "file"\nin_env = "file"\n')
    keys = ("IN_ENV", "IN_FILE", "IN_SHEET", "NOWHERE")
    registry: Config = (built := build(*(Setting(key, default="default") for key in keys), IN_ENV="env"))
    assert await built.load(worksheet(*((key, "sheet") for key in keys[:3]))) == ()
    assert [registry.get(key) for key in keys] == ["env", "file", "sheet", "default"]
    assert [source_of(built, key) for key in keys] == [
        "env",
        f"file:{toml}",
        "sheet:recruitment!Config!B4",
        "default",
    ]


@pytest.mark.parametrize(
    ("setting", "text", "value"),
    [
        (Setting("K"), " text ", "text"),
        (Setting("K", int), "1,024", 1024),
        (Setting("K", float, minimum=0.5), "0.5", 0.5),
        (Setting("K", bool), "TRUE", True),
        (Setting("K", bool), "no", False),
        (Setting("K", tuple[str, ...]), "a, b,", ("a", "b")),
        (Setting("K", tuple), "a,b", ("a", "b")),  # type: ignore[arg-type]
        (Setting("K", choices=("Loud", "quiet")), "LOUD", "Loud"),
        (Setting("K", tuple[str, ...], choices=("Mon", "Tue")), "mon,tue", ("Mon", "Tue")),
    ],
)
def test_values_are_typed(build: Build, setting: Setting, text: str, value: Any) -> None:
    registry = build(setting, K=text)
    registry.require("welcome")
    assert registry.get("K") == value


async def test_values_of_the_file_keep_their_toml_type(build: Build, toml: Path) -> None:
    toml.write_text('[config]\nnumber = 5\nswitch = true\nnames = ["a", "b"]\n')
    registry = build(Setting("NUMBER", int), Setting("SWITCH", bool), Setting("NAMES", tuple[str, ...]))
    registry.require("welcome")
    assert (registry.get("NUMBER"), registry.get("SWITCH"), registry.get("NAMES")) == (5, True, ("a", "b"))


def test_everything_wrong_with_a_plugins_settings_is_told_at_once(build: Build) -> None:
    registry = build(
        Setting("A", int, minimum=1, maximum=5),
        Setting("B", required=True),
        Setting("C", float, minimum=1),
        Setting("D", float, maximum=1),
        Setting("E", secret=True, choices=("x",)),
        Setting("F", tuple[str, ...], choices=("x", "y")),
        Setting("FINE", default="fine"),
        A="9",
        C="0",
        D="2",
        E="planted-too",
        F="x,z",
    )
    registry.add("other", Setting("OTHER", int, required=True))
    with pytest.raises(ConfigError) as caught:
        registry.require("welcome")
    assert caught.value.problems == (
        'A (env): "9" is not a whole number from 1 to 5',
        "B (env): missing; expected text",
        'C (env): "0" is not a number of at least 1',
        'D (env): "2" is not a number of at most 1',
        "E (env): the value (withheld) is not one of x",
        'F (env): "x,z" is not one of x, y, separated by commas',
    )
    assert str(caught.value).startswith("settings of welcome: A (env)")


async def test_a_required_key_may_come_from_the_worksheet(build: Build) -> None:
    registry = build(Setting("B", required=True))
    with pytest.raises(ConfigError):
        registry.require("welcome")
    await registry.load(worksheet((" b ", " given ")))
    registry.require("welcome")
    assert registry.get("B") == "given"


async def test_an_empty_cell_counts_as_absent(build: Build) -> None:
    registry = build(Setting("K", default="default"))
    await registry.load(worksheet(("K", ""), ("", "x"), ()))
    assert registry.get("K") == "default"


async def test_the_first_load_uses_what_can_be_used_and_tells_the_rest(build: Build) -> None:
    registry = build(Setting("A", int, default=1), Setting("B", int, default=2))
    problems = await registry.load(worksheet(("A", "x"), ("B", "20"), ("B", "30")))
    assert problems == (
        "B (recruitment!Config!A4): stands in Config!B3 already",
        'A (sheet:recruitment!Config!B2): "x" is not a whole number',
    )
    assert (registry.get("A"), registry.get("B")) == (1, 20)


async def test_the_worksheets_columns_stand_in_any_order_and_case(build: Build) -> None:
    registry = build(Setting("K"))
    assert await registry.load(worksheet(("note", "v", "k"), headers=("Note", " value ", "Key"))) == ()
    assert registry.get("K") == "v"


async def test_a_worksheet_without_its_columns_is_a_problem(build: Build) -> None:
    (problem,) = await build().load(worksheet(("K", "v"), headers=("KEYS", "V")))
    assert problem == 'recruitment!Config: has no column KEY and VALUE in its first row; did you mean "KEYS"'


async def test_a_reload_tells_what_changed(build: Build, toml: Path) -> None:
    registry = build(Setting("A"), Setting("B", default="same"), Setting("C"))
    await registry.load(worksheet(("A", "1"), ("GONE", "x"), ("clans_tab", "clans")))
    toml.write_text('[config]\nc = "new"\n')
    diff = await registry.reload(worksheet(("A", "2"), ("NEW", "x"), ("clans_tab", "Clans 2026")))
    assert diff == ConfigDiff(added=("NEW",), removed=("GONE",), changed=("A", "C", "CLANS_TAB"))
    assert registry.get("C") == "new"
    assert not await registry.reload(worksheet(("A", "2"), ("NEW", "x"), ("clans_tab", "Clans 2026")))


async def test_a_reload_with_any_problem_changes_nothing_and_lists_all(build: Build, toml: Path) -> None:
    registry = build(Setting("A", int), Setting("B", int))
    await registry.load(worksheet(("A", "1"), ("B", "2")))
    with pytest.raises(ConfigError) as caught:
        await registry.reload(worksheet(("A", "10"), ("B", "x"), ("B", "3")))
    assert len(caught.value.problems) == 2
    assert all(problem in str(caught.value) for problem in caught.value.problems)
    toml.write_text("[config")
    with pytest.raises(ConfigError, match="is not TOML"):
        await registry.reload(worksheet(("A", "10")))
    toml.write_text("")
    with pytest.raises(SheetsUnavailableError):
        await registry.reload(outage)
    assert (registry.get("A"), registry.get("B")) == (1, 2)


async def test_an_outage_at_the_start_leaves_the_other_sources(build: Build) -> None:
    registry = build(Setting("K", default="default"))
    with pytest.raises(SheetsUnavailableError):
        await registry.load(outage)
    assert registry.get("K") == "default"
    assert await registry.load(none) == ()


async def test_reloads_follow_one_another(build: Build) -> None:
    registry = build(Setting("K"))
    inside = 0

    async def slow() -> Table:
        nonlocal inside
        inside += 1
        assert inside == 1
        await asyncio.sleep(0)
        inside -= 1
        return await worksheet(("K", "v"))()  # type: ignore[return-value]

    await asyncio.gather(*(registry.reload(slow) for _ in range(3)))
    assert registry.get("K") == "v"


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        (Setting("lower"), "upper-case"),
        (Setting("K", dict), "its type is not"),  # type: ignore[arg-type]
        (Setting("K", int, default="1"), "its default '1' is not of its type"),
        (Setting("K", int, default=True), "its default True is not of its type"),
        (Setting("LOG_LEVEL"), "is declared by the runtime already"),
        (Setting("TAKEN"), "is declared by welcome already"),
    ],
)
def test_a_declaration_that_cannot_be_is_refused(build: Build, setting: Setting, said: str) -> None:
    registry = build(Setting("TAKEN"))
    with pytest.raises(DeclarationError, match=f'setting "{setting.key}" of plugin "other"') as caught:
        registry.add("other", setting)
    assert said in str(caught.value)


def test_a_withdrawn_setting_is_gone_and_its_key_free(build: Build) -> None:
    registry = build()
    registry.add("welcome", Setting("K", default="x"))()
    with pytest.raises(KeyError):
        registry.get("K")
    registry.add("other", Setting("K", default="y"))
    assert registry.get("K") == "y"


@pytest.mark.parametrize("key", ["COREOPS_DISCORD_REST_URL", "COREOPS_GOOGLE_API_URL", "COREOPS_HTTP_HOST"])
async def test_who_edits_the_spreadsheet_cannot_choose_where_the_bot_connects(build: Build, key: str) -> None:
    registry = build()
    before = registry.get(key)
    assert await registry.load(worksheet((key, "http://169.254.169.254"))) == ()
    assert registry.get(key) == before
    assert source_of(registry, key) == "default"


def test_settings_of_the_process_can_be_read_but_not_its_secrets(build: Build) -> None:
    registry = build(RECRUITMENT_SHEET_ID="recruitment")
    assert registry.get("RECRUITMENT_SHEET_ID") == "recruitment"
    with pytest.raises(KeyError, match="no setting"):
        registry.get("DISCORD_TOKEN")


def test_an_undeclared_key_is_refused_with_a_suggestion(build: Build) -> None:
    with pytest.raises(KeyError, match='did you mean "WELCOME_TEXT"'):
        build(Setting("WELCOME_TEXT")).get("WELCOM_TEXT")


def test_secrets_are_withheld_from_the_description(build: Build) -> None:
    registry = build(Setting("API_KEY", secret=True), API_KEY="planted")
    assert registry.get("API_KEY") == "planted"
    assert "planted" not in str(registry.describe())
    assert registry.describe()[-1].secret
