"""Edits of the worksheets are told, and hold only once somebody says so."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

import pytest

from coreops.operations.watching import WorksheetWatch
from coreops.operations.worksheets import KeptWorksheets
from coreops_hookspecs.sheets import Table
from coreops_shared.clock import ManualClock
from coreops_shared.config.worksheets import Worksheets
from coreops_shared.state.records import Provenance, StoredSnapshot


class Folder:
    """A store whose tabs are edited by hand; implements the copies that are kept too."""

    def __init__(self) -> None:
        self.looks = {"Config": "1", "FeatureToggles": "1"}

    async def read(self, spreadsheet: str, tab: str) -> Table:
        return Table(spreadsheet, tab, (("KEY", "VALUE"),))

    async def fingerprints(self, _: str, tabs: Sequence[str]) -> Sequence[str] | None:
        return [self.looks[tab] for tab in tabs]

    async def save_snapshot(self, bucket: str, payload: bytes, provenance: Provenance) -> None:
        """Keep nothing."""

    async def load_snapshot(self, _: str) -> StoredSnapshot | None:
        return None


class Scene:
    """Worksheets that were read, a watch over them, and what it told."""

    def __init__(self, clock: ManualClock, *, watchable: bool = True) -> None:
        self.clock, self.folder = clock, Folder()
        looks = self.folder.fingerprints if watchable else None
        self.kept = KeptWorksheets(Worksheets(self.folder.read, "book"), "book", self.folder, clock, looks)
        self.told: list[str] = []
        self.watch = WorksheetWatch(self.kept, clock, self.told.append)

    async def read(self) -> None:
        await self.kept.config()
        await self.kept.toggles()

    async def look(self, **looks: str) -> list[str]:
        """Let the tabs look so at the next look, and return all that was told until then."""
        self.folder.looks |= looks
        await self.clock.run_for(0.5)
        return self.told


@pytest.fixture
async def scene(clock: ManualClock) -> AsyncIterator[Scene]:
    scene = Scene(clock)
    await scene.read()
    scene.watch.start()
    yield scene
    await scene.watch.stop()


async def test_an_edit_is_told_once_when_it_is_over(scene: Scene) -> None:
    assert await scene.look() == []
    assert await scene.look(Config="2") == []
    assert await scene.look(Config="3") == []
    assert await scene.look() == ["Config"]
    assert await scene.look() == await scene.look() == await scene.look() == ["Config"]


async def test_the_next_edit_is_told_again(scene: Scene) -> None:
    await scene.look(FeatureToggles="2")
    assert await scene.look() == ["FeatureToggles"]
    await scene.look(FeatureToggles="3")
    assert await scene.look() == ["FeatureToggles", "FeatureToggles"]


async def test_what_was_read_meanwhile_is_no_news(scene: Scene) -> None:
    await scene.look(Config="2", FeatureToggles="2")
    await scene.read()
    assert await scene.look() == await scene.look() == []


async def test_a_store_that_cannot_be_watched_is_not_looked_at(clock: ManualClock) -> None:
    scene = Scene(clock, watchable=False)
    await scene.read()
    scene.watch.start()
    assert clock.sleepers == 0
    await scene.watch.stop()
