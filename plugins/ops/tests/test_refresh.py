"""``ops refresh`` on a running bot."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest

from coreops_hookspecs import BucketSpec, Cache, Capability, PluginInfo, RefreshResult, hookimpl
from coreops_hookspecs.telemetry import SheetsCalled
from coreops_ops import refresh as module


@dataclass(frozen=True)
class Word:
    """A row of each tab of :func:`library`."""

    word: str


@pytest.fixture
async def library(boot: Any) -> Any:
    """A bot with three tables of one spreadsheet."""

    @hookimpl
    def coreops_plugin_info() -> PluginInfo:
        return PluginInfo("library", "1.0", needs=frozenset({Capability.SHEETS_READ}))

    @hookimpl
    def coreops_cache_buckets() -> list[Any]:
        return [BucketSpec(name, "RECRUITMENT_SHEET_ID", name, Word, key="word") for name in ("ants", "bees", "cows")]

    plugin = SimpleNamespace(
        coreops_plugin_info=coreops_plugin_info, coreops_cache_buckets=coreops_cache_buckets, __name__="library"
    )
    return await boot(
        plugins=[plugin], workbook={"recruitment": dict.fromkeys(("ants", "bees", "cows"), "word\nfirst\n")}
    )


def reads(bot: Any, actor: str) -> list[tuple[str, ...]]:
    """Return which tabs were read together for that kind of actor."""
    events = bot.running.app.ground.bus.recent(500)
    return [one.tabs for one in events if isinstance(one, SheetsCalled) and one.actor.startswith(actor) and one.tabs]


@pytest.mark.parametrize("surface", ["slash", "prefix"])
async def test_several_tables_of_one_spreadsheet_are_read_in_one_call(library: Any, surface: str) -> None:
    if surface == "slash":
        said = {"bucket": "cows, Ants cows", "diff": True}
        exchange = await library.chat.slash("ops refresh", as_="staff", options=said)
    else:
        exchange = await library.chat.say("!ops refresh cows --diff Ants cows", as_="staff")
    card = exchange.embed
    assert card.title == "Refresh · cows, ants"
    head, *lines = card.description.splitlines()
    assert head.startswith("2 tables, by <@")
    assert [line.split(" row")[0] for line in lines] == ["✅ **cows** 1", "✅ **ants** 1"]
    assert card.field("ants: rows") == "no row changed"
    assert reads(library, "user:") == [("cows", "ants")]


async def test_each_table_that_there_is_not_is_named_and_nothing_is_read(library: Any) -> None:
    told = (await library.chat.say("!ops refresh ants beess zebras", as_="staff")).text
    assert "There are no tables `beess`, `zebras`. Did you mean `bees`? There are: `ants`, `bees`, `cows`." in told
    assert reads(library, "user:") == []
    assert "Admins only: refresh all." in (await library.chat.say("!ops refresh ants all", as_="staff")).text


async def test_further_tables_are_suggested_behind_those_already_typed(library: Any) -> None:
    names = [choice.name for choice in await library.chat.autocomplete("ops refresh", "bucket", "bees, ", as_="staff")]
    assert names == ["bees ants", "bees cows"]
    names = [choice.value for choice in await library.chat.autocomplete("ops refresh", "bucket", "bees c", as_="admin")]
    assert names == ["bees cows"]


async def test_without_a_name_it_lists_the_tables_and_how_to_read_one(bot: Any) -> None:
    told = (await bot.chat.say("!ops refresh", as_="staff")).text
    assert "✅ **clans** 2 rows · read <t:" in told
    assert "ttl 3 h · next <t:" in told
    assert "last by startup" in told
    assert "`!ops refresh all` all" in told


@pytest.mark.parametrize("surface", ["slash", "prefix"])
async def test_one_table_is_read_again_and_told_with_its_figures(bot: Any, surface: str, tab: Any, clans: Any) -> None:
    tab("clans", *clans, "CCC,Third,5,0,30")
    if surface == "slash":
        card = (await bot.chat.slash("ops refresh", as_="staff", options={"bucket": "clans"})).embed
    else:
        card = (await bot.chat.say("!ops refresh CLANS", as_="staff")).embed
    assert card.title == "Refresh · clans"
    head, line = card.description.splitlines()
    assert head.startswith("1 table, by <@")
    assert line.startswith("✅ **clans** 3 rows · ")
    assert "· 0 retries · ttl 3 h · next <t:" in line


async def test_the_difference_names_rows_that_were_added_removed_and_changed(bot: Any, tab: Any, clans: Any) -> None:
    tab("clans", clans[0], "BBB,Second,21,2,30", "CCC,`Third`,5,0,30")
    told = (await bot.chat.say("!ops refresh clans --diff", as_="staff")).embed
    assert told.field("clans: 1 added, 1 removed, 1 changed").splitlines() == [
        "➕ `CCC`",
        "➖ `AAA`",
        "✏️ `BBB` level `20` → `21`",
    ]
    again = (await bot.chat.slash("ops refresh", as_="staff", options={"bucket": "clans", "diff": True})).embed
    assert again.field("clans: rows") == "no row changed"


async def test_rows_that_were_left_out_are_named_with_their_cells(bot: Any, tab: Any, clans: Any) -> None:
    tab("clans", *clans, "CCC,Third,many,0,30")
    told = (await bot.chat.say("!ops refresh clans", as_="staff")).text
    assert "⚠️ **clans** 2 rows" in told
    assert "1 row left out: `C4: 'many' is not a whole number`" in told


async def test_a_table_that_cannot_be_read_says_why_and_since_when_its_rows_are(bot: Any, tab: Any) -> None:
    tab("clans", "clan_tag,name", "AAA,First")
    told = (await bot.chat.say("!ops refresh clans", as_="staff")).text
    assert "❌ **clans** could not be read; 2 rows read <t:" in told
    assert "go on serving" in told
    assert 'no column "clan_name"' in told
    listed = (await bot.chat.say("!ops refresh", as_="staff")).text
    assert "⚠️ **clans** 2 rows" in listed
    assert "because: " in listed


async def test_an_unknown_table_is_answered_with_the_ones_there_are(bot: Any) -> None:
    told = (await bot.chat.say("!ops refresh clnas", as_="staff")).text
    assert "Did you mean `clans`? There are: `clans`." in told


async def test_everything_is_for_admins_once_in_thirty_seconds_whatever_the_surface(bot: Any) -> None:
    refused = (await bot.chat.say("!ops refresh all", as_="staff")).text
    assert "Admins only: refresh all." in refused
    assert (await bot.chat.slash("ops refresh", as_="admin", options={"bucket": "all"})).embed.title == "Refresh · all"
    waiting = (await bot.chat.say("!ops refresh all", as_="admin")).text
    assert "try ops refresh all again in" in waiting
    assert "try ops refresh all again in" in (await bot.chat.say("!ops refresh ALL", as_="owner")).text
    assert (await bot.chat.say("!ops refresh clans", as_="admin")).embed.title == "Refresh · clans"


async def test_names_of_tables_are_suggested_and_all_only_to_whoever_may(bot: Any) -> None:
    names = [choice.name for choice in await bot.chat.autocomplete("ops refresh", "bucket", "", as_="staff")]
    assert names == ["clans"]
    names = [choice.name for choice in await bot.chat.autocomplete("ops refresh", "bucket", "l", as_="admin")]
    assert names == ["clans", "all"]
    assert await bot.chat.autocomplete("ops refresh", "bucket", "", as_="user") == ()


async def test_a_bot_without_tables_says_so(boot: Any) -> None:
    bot = await boot(plugins=[])
    assert "No plugin has a table" in (await bot.chat.say("!ops refresh all", as_="admin")).text


async def test_a_caller_does_not_wait_for_a_read_that_takes_long(monkeypatch: pytest.MonkeyPatch) -> None:
    import asyncio

    class Slow:
        async def refresh_now_many(self, names: Any, *, actor: str) -> list[RefreshResult]:
            await asyncio.Event().wait()
            raise AssertionError

    monkeypatch.setattr(module, "_PATIENCE", 0.01)
    slow: Cache = Slow()  # type: ignore[assignment]
    assert await module._refreshed(slow, ["clans"], "user:1") == {}
