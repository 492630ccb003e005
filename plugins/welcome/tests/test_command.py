"""Posting welcomes, over the whole way from the sheet to the channel, on both surfaces."""

from __future__ import annotations

from typing import Any

import pytest

from coreops_sandbox.world.seed import SEED

PLUGINS = ["recruitment", "welcome"]
HEADERS = "clan_tag,title,text,ping,crest_url,channel\n"


def tab(rows: str) -> dict[str, dict[str, str]]:
    return {"recruitment": {"welcome_templates": HEADERS + rows}}


@pytest.mark.parametrize("surface", ["prefix", "slash"])
async def test_a_recruiter_posts_the_clan_s_text_with_crest_and_one_mention(boot: Any, surface: str) -> None:
    chat = (await boot(plugins=PLUGINS)).chat
    if surface == "prefix":
        shown = await chat.say(f"!welcome emb <@{SEED.user}> see @everyone at eight", as_="recruiter")
    else:
        given = {"clan": "Ember Vanguard", "member": SEED.user, "note": "see @everyone at eight"}
        shown = await chat.slash("welcome", options=given, as_="recruiter")
    assert f"Posted in <#{SEED.general}>" in shown.text
    (posted,) = await chat.messages("general")
    (card,) = posted["embeds"]
    assert card["title"] == "Ember Vanguard has a new ember"
    assert f"<@{SEED.user}> joins **Ember Vanguard** [EMB]. Maren will show" in card["description"]
    assert card["description"].endswith("see @everyone at eight")
    assert card["thumbnail"]["url"] == "https://crests.example/ember.png"
    assert [user["id"] for user in posted["mentions"]] == [SEED.user]
    assert not posted["mention_everyone"]


async def test_a_row_without_ping_notifies_nobody_and_goes_to_its_own_channel(boot: Any) -> None:
    chat = (await boot(plugins=PLUGINS)).chat
    shown = await chat.say(f"!welcome EVE <@{SEED.user}>", as_="lead")
    assert f"Posted in <#{SEED.recruiters}>" in shown.text
    (posted,) = await chat.messages("recruiters", as_="lead")
    assert posted["mentions"] == []
    assert posted["content"] == ""
    assert posted["embeds"][0]["thumbnail"]["url"] == "https://crests.example/wave.png"


async def test_everybody_hears_of_a_welcome_in_a_channel_of_its_own_and_nobody_is_notified(boot: Any) -> None:
    chat = (await boot(plugins=PLUGINS)).chat
    shown = await chat.say(f"!welcome EVE <@{SEED.user}>", as_="lead")
    assert f"Noted in <#{SEED.general}>" in shown.text
    (notice,) = await chat.messages("general")
    told = f"<@{SEED.user}> is now with **Evertide**; their welcome is in <#{SEED.recruiters}>."
    assert notice["embeds"][0]["description"] == told
    assert notice["mentions"] == []
    assert notice["content"] == ""


async def test_a_notice_goes_to_its_own_channel_and_notifies_where_its_row_says_so(boot: Any) -> None:
    rows = f"EVE,Hi,Hello,FALSE,,{SEED.recruiters}\n*notice,New,{{member}} came,TRUE,,{SEED.log}\n"
    chat = (await boot(plugins=PLUGINS, workbook=tab(rows))).chat
    await chat.say(f"!welcome EVE <@{SEED.user}>", as_="lead")
    assert await chat.messages("general") == ()
    log = await chat.messages("log", as_="admin")
    (notice,) = [one for one in log if one["embeds"] and one["embeds"][0]["title"] == "New"]
    assert [user["id"] for user in notice["mentions"]] == [SEED.user]


async def test_a_notice_that_cannot_be_posted_is_told_to_whoever_posted_the_welcome(boot: Any) -> None:
    rows = f"EVE,Hi,Hello,FALSE,,{SEED.recruiters}\n*notice,New,Came,FALSE,,1090000000000000999\n"
    chat = (await boot(plugins=PLUGINS, workbook=tab(rows))).chat
    shown = await chat.say("!welcome EVE", as_="lead")
    assert f"Posted in <#{SEED.recruiters}>" in shown.text
    assert "notice for everybody is missing. I cannot write into <#1090000000000000999>" in shown.text


async def test_a_welcome_in_the_general_channel_is_not_told_twice(boot: Any) -> None:
    chat = (await boot(plugins=PLUGINS)).chat
    assert "Noted" not in (await chat.say("!welcome EMB", as_="lead")).text
    assert len(await chat.messages("general")) == 1


async def test_a_clan_is_found_and_suggested_by_its_other_names(boot: Any) -> None:
    chat = (await boot(plugins=PLUGINS)).chat
    await chat.say("!welcome beginners", as_="staff")
    (posted,) = await chat.messages("general")
    assert posted["embeds"][0]["title"] == "A seat at Newleaf"
    assert [one.value for one in await chat.autocomplete("welcome", "clan", "train", as_="staff")] == ["PEB"]


async def test_a_clan_without_a_row_gets_the_general_text(boot: Any) -> None:
    chat = (await boot(plugins=PLUGINS)).chat
    await chat.say("!welcome oak", as_="staff")
    (posted,) = await chat.messages("general")
    assert posted["embeds"][0]["title"] == "Welcome to Oakheart Haven!"
    assert "Our new member, good to have you" in posted["embeds"][0]["description"]


async def test_members_may_not_post_welcomes(boot: Any) -> None:
    chat = (await boot(plugins=PLUGINS)).chat
    assert "Staff" in (await chat.say("!welcome EMB")).text
    assert await chat.messages("general") == ()


async def test_an_unknown_clan_is_answered_with_those_that_are_close(boot: Any) -> None:
    chat = (await boot(plugins=PLUGINS)).chat
    assert "`EMB`" in (await chat.say("!welcome EMP", as_="staff")).text
    assert [one.value for one in await chat.autocomplete("welcome", "clan", "vang", as_="staff")] == ["EMB"]


@pytest.mark.parametrize(
    ("workbook", "told"),
    [
        ({"recruitment": {"welcome_templates": "nothing,here\n"}}, "`welcome_templates` could not be read yet"),
        ({"recruitment": {"clans": "nothing,here\n"}}, "`clans` could not be read yet"),
        (tab("NEW,Hi,Hello,FALSE,,\n"), "no welcome text for `EMB`"),
        (tab("*,Hi,Hello {name},FALSE,,\nNEW,Hi,Hello,FALSE,,\n"), "`welcome-refresh` shows which"),
        ({"recruitment": {"Config": "KEY,VALUE\n"}}, "`WELCOME_CHANNEL_ID`"),
        (tab("*,Hi,Hello,FALSE,,1090000000000000999\n"), "I cannot write into <#1090000000000000999>"),
        ({"recruitment": {"FeatureToggles": "feature_name,enabled\n"}}, "switched off"),
    ],
    ids=["no tab", "no clans", "no row", "bad row", "no channel", "unknown channel", "switched off"],
)
async def test_what_is_missing_is_said_with_what_to_do(boot: Any, workbook: Any, told: str) -> None:
    chat = (await boot(plugins=PLUGINS, workbook=workbook)).chat
    assert told in (await chat.say("!welcome EMB", as_="staff")).text
    assert await chat.messages("general") == ()


async def test_texts_from_before_a_restart_are_used_and_say_how_old_they_are(boot: Any) -> None:
    await (await boot(plugins=PLUGINS)).stop()
    chat = (await boot(plugins=PLUGINS, workbook={"recruitment": {"welcome_templates": "nothing,here\n"}})).chat
    shown = await chat.say("!welcome EMB", as_="staff")
    assert "welcome_templates: data from <t:" in shown.text
    (posted,) = await chat.messages("general")
    assert posted["embeds"][0]["title"] == "Ember Vanguard has a new ember"
