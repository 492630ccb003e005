import json
from pathlib import Path

import pytest
from coreops_shelf import plugin as shelf
from coreops_shelf.shelf import Shelf

from coreops_hookspecs.errors import CoreOpsError, SheetsNotFoundError
from coreops_sandbox.chat import Persona

BOOK = {
    "recruitment": {
        "Config": [["KEY", "VALUE"]],
        "FeatureToggles": [["feature_name", "enabled"], ["recruitment", "TRUE"]],
        "clans": [["clan_tag", "clan_name", "level", "open_spots"], ["EMB", "Ember", "24", "3"]],
    }
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "shelf.json"
    path.write_text(json.dumps(BOOK))
    return path


@pytest.fixture
def store(file: Path) -> Shelf:
    return Shelf(file)


def rows(store: Shelf, tab: str = "clans") -> list[tuple[str, ...]]:
    (table,) = store.read_many("recruitment", [tab])
    return list(table.rows)


async def test_commands_answer_from_the_store_of_the_plugin(boot, file):
    bot = await boot(plugins=[shelf, "recruitment"], env={"SHELF_FILE": str(file)})
    told = (await bot.chat.say("!ops toggles", as_=Persona.STAFF)).text
    assert "TRUE in FeatureToggles!B2" in told
    listed = (await bot.chat.say("!ops checksheet", as_=Persona.STAFF)).text
    assert "clans" in listed, "its tabs are those of the shelf"


def test_what_is_written_is_read_again(store):
    store.append("recruitment", "clans", [["NIT", "Night"]])
    store.update_many("recruitment", "clans", [("D2", [["2"]]), ("C3", [["22", "5"]])])
    assert rows(store)[1:] == [("EMB", "Ember", "24", "2"), ("NIT", "Night", "22", "5")]
    store.clear("recruitment", "clans", "B3:C3")
    assert rows(store)[2] == ("NIT", "", "", "5")
    store.clear("recruitment", "clans", "A2:A")
    assert [row[0] for row in rows(store)] == ["clan_tag", "", ""]


def test_what_is_not_there_is_named(store):
    with pytest.raises(SheetsNotFoundError, match="no tab 'clams' in spreadsheet 'recruitment'"):
        rows(store, "clams")


async def test_a_second_bot_of_the_fleet_is_refused_and_told_whose_turn_it_is(boot, tmp_path):
    lease = {"SHELF_LEASE": str(tmp_path / "lease")}
    first = await boot(plugins=[shelf], env=lease)
    with pytest.raises(CoreOpsError, match=r"with pid \d+ serves already; if it does not run any more, remove .*lease"):
        await boot(plugins=[shelf], env=lease)
    await first.stop()
    assert not (tmp_path / "lease").exists()
    await boot(plugins=[shelf], env=lease)
