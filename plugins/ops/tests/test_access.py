"""Why somebody may run a command, what help shows of others, and rules from the Config worksheet."""

from __future__ import annotations

from typing import Any

import pytest

from coreops_sandbox.world.seed import SEED


@pytest.fixture
async def bot(boot: Any) -> Any:
    return await boot()


@pytest.fixture
async def ruled(boot: Any) -> Any:
    """A bot with rules in its Config worksheet."""
    rules = f"deny channel:{SEED.general} ops; allow role:{SEED.staff_role} ops plugins"
    return await boot(workbook={"recruitment": {"Config": [("KEY", "VALUE"), ("COMMAND_RULES", rules)]}})


async def why(bot: Any, person: str, command: str, as_: str = "staff") -> str:
    return (await bot.chat.say(f"!ops why <@{getattr(SEED, person)}> {command}", as_=as_)).text


async def test_why_shows_each_rule_tried_and_how_to_change_the_one_that_decided(bot: Any) -> None:
    text = await why(bot, "user", "ops plugins")
    assert text.startswith("ops plugins · no")
    assert "✅ **plugin** ops serves" in text
    assert "⛔ **tier** needs staff, has user" in text
    assert "Give them a role that is listed in STAFF_ROLE_IDS or ADMIN_ROLE_IDS." in text
    assert "**rules**" not in text


async def test_why_says_yes_with_every_rule(bot: Any) -> None:
    text = await why(bot, "admin", "/OPS  plugins")
    assert text.startswith("ops plugins · yes")
    for rule in ("plugin", "toggle", "place", "tier", "rules", "hooks"):
        assert f"✅ **{rule}**" in text


async def test_why_is_the_same_by_slash(bot: Any) -> None:
    answer = await bot.chat.slash("ops why", as_="staff", options={"user": SEED.user, "command": "ops plugins"})
    typed = await why(bot, "user", "ops plugins")
    assert answer.text.partition(" · ref ")[0] == typed.partition(" · ref ")[0]


async def test_why_is_for_staff_and_knows_no_unknown_command(bot: Any) -> None:
    assert "Staff only." in await why(bot, "user", "ops plugins", as_="user")
    assert "There is no command of that name. Did you mean `ops plugins show`" in await why(
        bot, "user", "ops plugins shwo"
    )


async def test_rules_of_the_worksheet_shut_a_channel_and_a_command_for_admins_too(ruled: Any) -> None:
    for surface in ("say", "slash"):
        lead = "!" if surface == "say" else ""
        run = getattr(ruled.chat, surface)
        shut = await run(f"{lead}ops ping", as_="admin", channel="general")
        assert "This command may not be run in this channel. Ask an admin" in shut.text
        assert "Pong" in (await run(f"{lead}ops ping", as_="user")).text
        assert "Your roles may not run this command." in (await run(f"{lead}ops plugins show", as_="admin")).text
        assert "Plugins ·" in (await run(f"{lead}ops plugins show", as_="staff")).text


async def test_why_names_the_rule_that_decided(ruled: Any) -> None:
    text = await why(ruled, "admin", "ops plugins")
    assert f"⛔ **rules** fits none of: allow role:{SEED.staff_role} ops plugins" in text
    assert "Change COMMAND_RULES in the Config worksheet and reload." in text


async def test_staff_see_through_a_role_and_why_commands_are_hidden(bot: Any) -> None:
    card = (await bot.chat.say(f"!ops help --as <@&{SEED.recruiter_role}>", as_="staff")).embed
    assert card.title == "What recruiter can run"
    assert "`ops checksheet` tier: needs staff, has user, recruiter" in card.field("Hidden")
    assert "`!ops plugins [name]`" not in card.field("Operations")
    plain = await bot.chat.say("!ops help", as_="user")
    assert "Hidden" not in plain.text
    refused = await bot.chat.say(f"!ops help --as <@&{SEED.admin_role}>", as_="user")
    assert "Only staff may look through another role." in refused.text
