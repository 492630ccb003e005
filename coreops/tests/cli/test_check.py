"""``coreops check``."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

READS = """
from dataclasses import dataclass
from coreops_hookspecs import BucketSpec, Capability, PluginInfo, Setting, hookimpl


@dataclass(frozen=True)
class Row:
    name: str
    level: int


@hookimpl
def coreops_plugin_info():
    return PluginInfo("reads", "1.5", needs=frozenset({Capability.SHEETS_READ}))


@hookimpl
def coreops_settings():
    return [Setting("READS_LIMIT", int, default=3)]


@hookimpl
def coreops_cache_buckets():
    return [BucketSpec("rows", "RECRUITMENT_SHEET_ID", "Rows", Row, "name")]
"""
MANIFEST = 'hook-api = ">=0.1,<1"\nneeds = ["sheets.read"]'


@pytest.fixture
def checked(
    coreops: Callable[..., Any], install: Callable[..., None], serving: dict[str, str], workbook: Path
) -> Callable[..., Any]:
    """Check a workbook with the plugin ``reads`` alone: the exit code, and findings by what was looked at."""
    install("reads", READS, manifest=MANIFEST)
    (workbook / "book" / "Rows.csv").write_text("name,level\nann,3\n")

    def check(env: Mapping[str, str] | None = None) -> tuple[int, dict[str, tuple[bool, str]]]:
        ended = coreops("check", "--json", env=serving | {"COREOPS_PLUGINS": "reads"} | dict(env or {}))
        told = json.loads(ended.out)
        assert told["problems"] == sum(not finding["ok"] for finding in told["findings"]), ended.err
        return ended.code, {finding["what"]: (finding["ok"], finding["detail"]) for finding in told["findings"]}

    return check


def test_when_everything_can_be_used_the_code_is_0(checked: Callable[..., Any]) -> None:
    code, found = checked()
    assert code == 0
    assert found["bucket rows"] == (True, "1 rows")
    assert found["plugin reads"] == (True, "1.5: 1 bucket, 1 setting")
    assert found["plugin recruitment"] == (True, "blocked: not on the allow-list COREOPS_PLUGINS")
    assert found["spreadsheet RECRUITMENT_SHEET_ID"] == (True, "opened, 2 tabs")


@pytest.mark.parametrize(
    ("rows", "detail"),
    [
        ("name,rank\nann,3\n", 'no column "level"'),
        ("name,level\nann,3\nbob,many\n", "1 rows, 1 left out: B3: 'many' is not"),
    ],
)
def test_headers_and_cells_that_do_not_fit_are_problems(
    checked: Callable[..., Any], workbook: Path, rows: str, detail: str
) -> None:
    (workbook / "book" / "Rows.csv").write_text(rows)
    code, found = checked()
    assert code == 1
    ok, told = found["bucket rows"]
    assert not ok
    assert detail in told


def test_cells_are_read_by_the_locale_of_the_spreadsheets(checked: Callable[..., Any], workbook: Path) -> None:
    (workbook / "book" / "Rows.csv").write_text("name,level\nann,1.234\n")
    assert checked()[1]["bucket rows"] == (False, "0 rows, 1 left out: B2: '1.234' is not a whole number")
    assert checked({"COREOPS_SHEETS_LOCALE": "de"})[1]["bucket rows"] == (True, "1 rows")


def test_a_missing_tab_is_a_problem_with_a_suggestion(checked: Callable[..., Any], workbook: Path) -> None:
    (workbook / "book" / "Rows.csv").rename(workbook / "book" / "Rowz.csv")
    code, found = checked()
    assert code == 1
    assert found["bucket rows"] == (False, "no tab 'Rows' in RECRUITMENT_SHEET_ID; did you mean \"Rowz\"")


def test_a_spreadsheet_that_is_not_there_is_a_problem(checked: Callable[..., Any]) -> None:
    code, found = checked({"RECRUITMENT_SHEET_ID": "nope"})
    assert code == 1
    assert not found["spreadsheet RECRUITMENT_SHEET_ID"][0]


def test_a_spreadsheet_without_an_id_is_a_problem_that_names_its_buckets(checked: Callable[..., Any]) -> None:
    code, found = checked({"RECRUITMENT_SHEET_ID": ""})
    assert code == 1
    told = "RECRUITMENT_SHEET_ID has no value; buckets rows need it"
    assert found["spreadsheet RECRUITMENT_SHEET_ID"] == (False, told)


def test_a_plugins_wrong_setting_is_its_problem(checked: Callable[..., Any]) -> None:
    code, found = checked({"READS_LIMIT": "many"})
    assert code == 1
    ok, told = found["plugin reads"]
    assert not ok
    assert "READS_LIMIT" in told


def test_a_plugin_that_cannot_be_imported_is_a_problem_and_the_others_are_checked(
    checked: Callable[..., Any], install: Callable[..., None]
) -> None:
    install("broken", "import nowhere_to_be_found\n")
    code, found = checked({"COREOPS_PLUGINS": "reads,broken"})
    assert code == 1
    ok, told = found["plugin broken"]
    assert not ok
    assert "nowhere_to_be_found" in told
    assert found["plugin reads"][0]


def test_wrong_settings_are_all_listed(coreops: Callable[..., Any]) -> None:
    ended = coreops("check", env={"LOG_LEVEL": "LOUD"})
    assert ended.code == 1
    assert [line.split()[1] for line in ended.out.splitlines() if line.lstrip().startswith("settings")] == [
        "problem"
    ] * 3
    assert ended.out.endswith("3 problems\n")
    assert ended.err == ""


def test_credentials_that_cannot_be_used_are_a_problem_without_their_text(coreops: Callable[..., Any]) -> None:
    env = {"DISCORD_TOKEN": "a.b.c", "GSPREAD_CREDENTIALS": '{"private_key": "hunter2"}', "COREOPS_PLUGINS": "reads"}
    ended = coreops("check", env=env)
    assert ended.code == 1
    assert "hunter2" not in ended.out + ended.err
    assert "Traceback" not in ended.err


def test_credentials_that_can_be_used_are_told(checked: Callable[..., Any]) -> None:
    _, found = checked()
    assert found["credentials"] == (True, "can be used for the store workbook")


def test_files_with_secrets_that_everybody_may_read_are_a_warning_each(
    checked: Callable[..., Any], tmp_path: Path
) -> None:
    file, state = tmp_path / "bot.toml", tmp_path / "state"
    file.write_text('http_token = "hunter2"\n')
    file.chmod(0o600)
    state.mkdir(mode=0o700)
    env = {"COREOPS_CONFIG": str(file), "COREOPS_STATE_DIR": str(state)}
    for path, closed, opened in ((file, 0o600, 0o604), (state, 0o700, 0o701)):
        path.chmod(closed)
        assert checked(env)[1]["files with secrets"] == (True, "none that others on this machine may read")
        path.chmod(opened)
        code, found = checked(env)
        assert code == 0, "it can be used as it is"
        assert found["files with secrets"][1].endswith(f"everybody on this machine: chmod {closed:o} {path}")
        path.chmod(closed)


def test_a_warning_is_counted_apart_from_problems(
    coreops: Callable[..., Any], serving: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / ".run" / "state").mkdir(parents=True)
    (tmp_path / ".run" / "state").chmod(0o755)
    ended = coreops("check", "--offline", env=serving | {"COREOPS_PLUGINS": "ops"})
    assert ended.out.endswith("\nno problems, 1 warning\n")
    assert ended.code == 0


def test_a_file_of_settings_without_secrets_may_be_read_by_all(checked: Callable[..., Any], tmp_path: Path) -> None:
    file = tmp_path / "bot.toml"
    file.write_text('bot_name = "Bot"\n')
    file.chmod(0o644)
    _, found = checked({"COREOPS_CONFIG": str(file)})
    assert found["files with secrets"][1] == "none that others on this machine may read"


def test_what_the_operator_wants_of_a_bucket_is_checked_with_it(checked: Callable[..., Any], workbook: Path) -> None:
    (workbook / "book" / "Rows.csv").rename(workbook / "book" / "Rows 2.csv")
    (workbook / "book" / "Config.csv").write_text("KEY,VALUE\nBUCKET_ROWS_TAB,Rows 2\n")
    code, found = checked()
    assert (code, found["bucket rows"]) == (0, (True, "1 rows"))
    code, found = checked({"BUCKET_ROWS_TTL": "soon"})
    assert code == 1
    assert found["buckets"][1].startswith('BUCKET_ROWS_TTL (env): "soon" is not a length of time')


def test_without_spreadsheets_settings_and_plugins_are_checked(
    coreops: Callable[..., Any], install: Callable[..., None], serving: dict[str, str]
) -> None:
    install("reads", READS, manifest=MANIFEST)
    env = serving | {"COREOPS_PLUGINS": "reads", "RECRUITMENT_SHEET_ID": "nowhere"}
    ended = coreops("check", "--offline", "--json", env=env)
    assert ended.code == 0
    found = {finding["what"] for finding in json.loads(ended.out)["findings"]}
    assert {"settings", "credentials", "plugin reads"} <= found
    assert not any(what.startswith("spreadsheet") for what in found)
