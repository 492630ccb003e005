"""Reload, over a real registry, real toggles and a workbook on disk."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from coreops.operations.reload import Reloader
from coreops.operations.timing import Timing
from coreops.operations.tuning import Tuning
from coreops.operations.worksheets import KeptWorksheets
from coreops_hookspecs import ConfigDiff, Setting, Toggle, ToggleState
from coreops_hookspecs.operations import ReloadReport, SettingChange
from coreops_shared import trace
from coreops_shared.clock import ManualClock
from coreops_shared.config.registry import Registry
from coreops_shared.config.settings import load
from coreops_shared.config.worksheets import Worksheets
from coreops_shared.feature_flags import Flags
from coreops_shared.sheets.async_facade import SheetsFacade
from coreops_shared.sheets.workbook import Workbook


@dataclass
class Desk:
    """A reloader with everything it touches."""

    folder: Path
    reloader: Reloader = field(init=False)
    registry: Registry = field(init=False)
    flags: Flags = field(init=False)
    calls: list[tuple[str, Any]] = field(default_factory=list)
    reads: int = 0
    kept: list[str] = field(default_factory=list)

    async def reloaded(self, diff: ConfigDiff) -> None:
        self.calls.append(("reloaded", diff))

    async def switched(self, toggles: Iterable[ToggleState]) -> None:
        self.calls.extend(("switched", (toggle.name, toggle.enabled)) for toggle in toggles)

    def announce(self, report: ReloadReport) -> None:
        self.calls.append(("announced", report.changes))

    async def save_snapshot(self, bucket: str, payload: bytes, provenance: Any) -> None:
        self.kept.append(bucket)

    async def load_snapshot(self, bucket: str) -> None:
        return None

    def write(self, tab: str, text: str) -> None:
        (self.folder / "book" / f"{tab}.csv").write_text(text)

    async def until(self, true: Callable[[], object]) -> None:
        async with asyncio.timeout(5):
            while not true():
                await asyncio.sleep(0.005)

    async def has_read(self, reads: int) -> None:
        await self.until(lambda: self.reads == reads and self.reloader._running is None)

    async def reload(self) -> ReloadReport:
        return await self.reloader.reload(actor="user:1")


@pytest.fixture
async def desk(tmp_path: Path, clock: ManualClock) -> AsyncIterator[Desk]:
    (tmp_path / "sheets" / "book").mkdir(parents=True)
    toml = tmp_path / "coreops.toml"
    toml.write_text('log_level = "INFO"\n')
    desk = Desk(tmp_path / "sheets")
    env = {"DISCORD_TOKEN": "planted", "COREOPS_WORKBOOK": str(desk.folder), "RECRUITMENT_SHEET_ID": "book"}
    desk.registry = Registry(load(env, toml), clock=clock)
    desk.flags = Flags(report=lambda _text: None, clock=clock)
    desk.registry.add("demo", Setting("DEMO_LIMIT", int, default=3))
    desk.registry.add("demo", Setting("DEMO_SECRET", str, default="x", secret=True))
    desk.flags.add("demo", Toggle("demo", "The demo"))
    desk.write("Config", "KEY,VALUE\n")
    desk.write("FeatureToggles", "feature_name,enabled\ndemo,FALSE\n")
    sheets = SheetsFacade(Workbook(desk.folder))

    async def read(spreadsheet: str, tab: str) -> Any:
        desk.reads += 1
        return await sheets.read(spreadsheet, tab)

    desk.reloader = Reloader(
        registry=desk.registry,
        flags=desk.flags,
        tuning=Tuning(desk.registry, None, lambda _text: None),  # type: ignore[arg-type]
        timing=Timing(desk.registry, None, lambda _text: None),  # type: ignore[arg-type]
        worksheets=KeptWorksheets(Worksheets(read, "book"), "book", desk, clock),
        listeners=desk,
        announce=desk.announce,
        clock=clock,
    )
    yield desk
    await desk.reloader.stop()
    await sheets.close()


async def test_a_reload_takes_over_settings_and_toggles_and_tells_what_changed(desk: Desk) -> None:
    desk.write("Config", "KEY,VALUE\nDEMO_LIMIT,5\nDEMO_SECRET,hush\nNOBODYS,1\n")
    desk.write("FeatureToggles", "feature_name,enabled\ndemo,TRUE\n")
    with trace.span() as reference:
        report = await desk.reload()
    assert report.diff == ConfigDiff(added=("NOBODYS",), changed=("DEMO_LIMIT", "DEMO_SECRET"))
    assert report.settings == (
        SettingChange("DEMO_LIMIT", 3, 5, "sheet:book!Config!B2"),
        SettingChange("DEMO_SECRET", None, None, "sheet:book!Config!B3", secret=True),
    )
    assert [(toggle.name, toggle.enabled) for toggle in report.toggles] == [("demo", True)]
    assert (report.problems, report.changes, report.actor, report.trace) == ((), 4, "user:1", reference)
    assert desk.calls == [("announced", 4), ("reloaded", report.diff), ("switched", ("demo", True))]


async def test_with_any_problem_the_settings_stay_and_all_problems_are_told(desk: Desk) -> None:
    desk.write("Config", "KEY,VALUE\nDEMO_LIMIT,many\nDEMO_SECRET,new\nDEMO_SECRET,newer\n")
    desk.write("FeatureToggles", "feature_name,enabled\ndemo,TRUE\n")
    report = await desk.reload()
    assert len(report.problems) == 2
    assert desk.registry.get("DEMO_LIMIT") == 3
    assert desk.flags.enabled("demo"), "toggles stand by themselves"
    assert [name for name, _ in desk.calls] == ["announced", "switched"]


async def test_settings_stay_while_the_worksheet_cannot_be_read(desk: Desk) -> None:
    desk.write("Config", "KEY,VALUE\nDEMO_LIMIT,5\n")
    await desk.reload()
    (desk.folder / "book" / "Config.csv").write_bytes(b"\xff\xfe\x00")
    (desk.folder / "book" / "FeatureToggles.csv").write_bytes(b"\xff\xfe\x00")
    report = await desk.reload()
    assert "not UTF-8" in report.problems[0]
    assert "not UTF-8" in report.toggle_problems[0]
    assert desk.registry.get("DEMO_LIMIT") == 5


async def test_what_could_not_be_reached_is_read_again_by_itself_until_it_can_be(
    desk: Desk, clock: ManualClock
) -> None:
    (desk.folder / "book" / "Config.csv").write_bytes(b"\xff\xfe\x00")
    (desk.folder / "book" / "FeatureToggles.csv").write_bytes(b"\xff\xfe\x00")
    await desk.reload()
    assert [name for name, _ in desk.calls] == ["announced"]
    reads = desk.reads
    for pause in (5, 10):
        clock.advance(pause)
        reads += 2
        await desk.has_read(reads)
    assert [name for name, _ in desk.calls] == ["announced"], "that it still fails is no news"
    desk.write("Config", "KEY,VALUE\nDEMO_LIMIT,5\n")
    desk.write("FeatureToggles", "feature_name,enabled\ndemo,TRUE\n")
    clock.advance(20)
    await desk.until(lambda: len(desk.calls) == 4)
    assert desk.calls[1:] == [
        ("announced", 2),
        ("reloaded", ConfigDiff(changed=("DEMO_LIMIT",))),
        ("switched", ("demo", True)),
    ]
    await desk.until(desk.reloader._catching_up._task.done)
    clock.advance(1000)
    assert desk.reads == 8


async def test_a_second_reload_during_one_joins_it(desk: Desk) -> None:
    first, second = await asyncio.gather(desk.reload(), desk.reloader.reload(actor="user:2"))
    assert first is second
    assert first.actor == "user:1"
    assert desk.reads == 2, "Config and FeatureToggles, once each"
    assert await desk.reload() is not first


async def test_a_caller_that_gives_up_does_not_stop_the_reload(desk: Desk) -> None:
    desk.write("Config", "KEY,VALUE\nDEMO_LIMIT,5\n")
    caller = asyncio.create_task(desk.reload())
    await asyncio.sleep(0)
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    assert (await desk.reload()).actor == "user:1"
    assert desk.registry.get("DEMO_LIMIT") == 5


async def test_settings_of_the_process_that_wait_for_a_restart_are_named(desk: Desk, tmp_path: Path) -> None:
    assert (await desk.reload()).waiting == ()
    (tmp_path / "coreops.toml").write_text('log_level = "DEBUG"\n')
    assert (await desk.reload()).waiting == ("LOG_LEVEL",)
