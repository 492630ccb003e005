"""The card, over the whole way from the sheet to the reply, on both surfaces."""

from __future__ import annotations

from typing import Any

import pytest

HEADERS = "clan_tag,clan_name,level,entry_level,boss,mode,open_spots,max_members,leader,crest_url,description\n"


async def test_the_card_shows_the_row_on_both_surfaces(boot: Any) -> None:
    chat = (await boot(plugins=["recruitment"])).chat
    for shown in (await chat.say("!clan emb"), await chat.slash("clan", options={"tag": "EMB"})):
        assert shown.embed.title == "Ember Vanguard [EMB]"
        assert shown.embed.field("Open spots") == "3 of 30"
        assert shown.embed.field("Leader") == "Maren"
        assert shown.embed.thumbnail.url == "https://crests.example/ember.png"
        assert "data from" not in shown.text


async def test_the_name_may_be_typed_without_quotes(boot: Any) -> None:
    chat = (await boot(plugins=["recruitment"])).chat
    assert (await chat.say("!clan ember vanguard")).embed.title == "Ember Vanguard [EMB]"


async def test_an_unknown_tag_is_answered_with_those_that_are_close(boot: Any) -> None:
    chat = (await boot(plugins=["recruitment"])).chat
    for shown in (await chat.say("!clan EMP"), await chat.slash("clan", options={"tag": "EMP"})):
        assert "I know no clan" in shown.text
        assert "`EMB`" in shown.text


async def test_tags_and_names_are_suggested_while_typing(boot: Any) -> None:
    chat = (await boot(plugins=["recruitment"])).chat
    assert [choice.value for choice in await chat.autocomplete("clan", "tag", "vang")] == ["EMB"]
    assert len(await chat.autocomplete("clan", "tag", "")) == 25


async def test_empty_cells_leave_their_fields_out(boot: Any) -> None:
    rows = HEADERS + "X,Xenon,1,,,,0,10,,not a link,\n"
    chat = (await boot(plugins=["recruitment"], workbook={"recruitment": {"clans": rows}})).chat
    card = (await chat.say("!clan x")).embed
    assert [field.name for field in card.fields] == ["Level", "Open spots"]
    assert card.field("Open spots") == "full (10)"
    assert card.thumbnail is None


async def test_a_list_that_was_never_read_says_what_to_do(boot: Any) -> None:
    chat = (await boot(plugins=["recruitment"], workbook={"recruitment": {"clans": "nothing,here\n"}})).chat
    assert "could not be read yet" in (await chat.say("!clan emb")).text
    health = await chat.say("!ops health", as_="staff")
    assert "bucket clans has no data" in health.text
    assert "clan_tag" in health.text


@pytest.mark.parametrize("toggles", ["feature_name,enabled\nrecruitment,FALSE\n", "feature_name,enabled\n"])
async def test_the_feature_is_off_until_its_toggle_is_true(boot: Any, toggles: str) -> None:
    workbook = {"recruitment": {"FeatureToggles": toggles}}
    chat = (await boot(plugins=["recruitment"], workbook=workbook)).chat
    assert "switched off" in (await chat.say("!clan emb")).text


async def test_the_check_tells_of_an_empty_list(boot: Any) -> None:
    chat = (await boot(plugins=["recruitment"], workbook={"recruitment": {"clans": HEADERS}})).chat
    shown = await chat.say("!ops health", as_="staff")
    assert "**recruitment.clans is degraded**" in shown.text
    assert "holds no clan" in shown.text
