"""An admin loads, unloads, reloads, quarantines and reinstates a plugin from Discord, on both surfaces."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest

from coreops_hookspecs.telemetry import PluginChanged
from coreops_sandbox.chat import Persona
from coreops_sandbox.world.seed import SEED

SURFACES = ("prefix", "slash")
WORKBOOK = {"recruitment": {"every": "tag\nEMB\n"}}


async def order(bot: Any, surface: str, what: str, name: str, **options: Any) -> Any:
    if surface == "slash":
        given: Mapping[str, Any] = {"name": name, **options}
        return await bot.chat.slash(f"ops plugins {what}", as_=Persona.ADMIN, options=given)
    flags = "".join(f" --{option}" if value is True else f" {value}" for option, value in options.items())
    return await bot.chat.say(f"!ops plugins {what} {name}{flags}", as_=Persona.ADMIN)


def told(bot: Any) -> list[PluginChanged]:
    return [event for event in reversed(bot.running.app.ground.bus.recent(200)) if isinstance(event, PluginChanged)]


@pytest.mark.parametrize("surface", SURFACES)
async def test_a_plugin_is_unloaded_and_loaded_again(boot: Any, every_kind: Any, surface: str) -> None:
    bot = await boot(workbook=WORKBOOK)
    out = await order(bot, surface, "unload", "every")
    assert out.text.startswith("every · unloaded"), out.text
    assert "Nothing of it is left. `!ops plugins load every` brings it back." in out.text
    assert re.search(rf"by <@{SEED.admin}> · reference `\w{{8}}`", out.text)
    page = await bot.chat.say("!ops plugins every", as_=Persona.ADMIN)
    assert page.embed.title == "💤 every · unloaded"
    assert f"by <@{SEED.admin}>" in page.text
    assert "→ `!ops plugins load every`" in page.text
    loaded = await order(bot, surface, "load", "every")
    assert "Version 1.0 serves. It contributes" in loaded.text
    assert (await bot.chat.say("!every")).text == "hello key True"
    assert [(event.action, event.outcome, event.actor) for event in told(bot)] == [
        ("unload", "done", f"user:{SEED.admin}"),
        ("load", "done", f"user:{SEED.admin}"),
    ]


@pytest.mark.parametrize("surface", SURFACES)
async def test_a_reload_is_planned_and_done(boot: Any, every_kind: Any, surface: str) -> None:
    bot = await boot(workbook=WORKBOOK)
    every_kind("good day", replaced=('name="tool"', 'name="gadget"'), version="1.1")
    plan = await order(bot, surface, "reload", "every", plan=True)
    assert plan.embed.title == "every · plan of a reload"
    assert "Version 1.0 → 1.1, 3 modules to import anew." in plan.text
    assert "Nothing was changed yet: `!ops plugins reload every` does it." in plan.text
    assert plan.embed.field("Changed") == "`command everytools`"
    assert (await bot.chat.say("!every")).text == "hello key True"
    done = await order(bot, surface, "reload", "every")
    assert done.embed.title == "every · reloaded"
    assert "Version 1.0 → 1.1, 3 modules imported anew." in done.text
    assert (await bot.chat.slash("every")).text == "good day key True"
    assert [event.outcome for event in told(bot)] == ["planned", "done"]


@pytest.mark.parametrize("surface", SURFACES)
async def test_new_code_that_does_not_come_up_is_rolled_back_with_the_reason(
    boot: Any, every_kind: Any, surface: str
) -> None:
    bot = await boot(workbook=WORKBOOK)
    every_kind(replaced=("import annotations", "import annotations\n\nraise RuntimeError('no good')"))
    answer = await order(bot, surface, "reload", "every")
    assert answer.embed.title == "every · the old code serves on"
    assert "nothing was changed" in answer.text
    assert "no good" in answer.text
    assert "`!ops plugins reload every` again" in answer.text
    assert (await bot.chat.say("!every")).text == "hello key True"
    (event,) = told(bot)
    assert event.outcome == "rolled back"
    assert "no good" in event.detail


@pytest.mark.parametrize("surface", SURFACES)
async def test_a_plugin_is_put_into_quarantine_and_reinstated(boot: Any, every_kind: Any, surface: str) -> None:
    bot = await boot(workbook=WORKBOOK)
    resting = await order(bot, surface, "quarantine", "every", reason="too loud at night")
    assert resting.text.startswith("every · in quarantine"), resting.text
    assert "unavailable" in (await bot.chat.say("!every")).text
    page = (await bot.chat.say("!ops plugins every", as_=Persona.ADMIN)).text
    assert f"by <@{SEED.admin}>: too loud at night" in page
    assert "→ `!ops plugins reinstate every`" in page
    assert (await order(bot, surface, "reinstate", "every")).text.startswith("every · serves again")
    assert (await bot.chat.say("!every")).text == "hello key True"


@pytest.mark.parametrize(
    ("what", "name", "text"),
    [
        ("unload", "ops", "cannot be unloaded: without it the bot could not be repaired"),
        ("quarantine", "ops", "without it the bot could not be repaired"),
        ("load", "every", "is loaded already"),
        ("reload", "evry", 'did you mean "every"'),
        ("reinstate", "every", "is not in quarantine"),
    ],
)
async def test_what_cannot_be_done_is_refused_with_the_reason(
    boot: Any, every_kind: Any, what: str, name: str, text: str
) -> None:
    bot = await boot(workbook=WORKBOOK)
    for surface in SURFACES:
        assert text in (await order(bot, surface, what, name)).text
    assert [event.outcome for event in told(bot)] == ["refused", "refused"]
    assert (await bot.chat.say("!every")).text == "hello key True"


async def test_every_order_is_in_the_audit_trail_with_who_gave_it(boot: Any, every_kind: Any) -> None:
    bot = await boot(workbook=WORKBOOK)
    await order(bot, "prefix", "reload", "every", plan=True)
    await order(bot, "slash", "unload", "every")
    await order(bot, "slash", "unload", "ops")
    trail = await bot.running.app.ground.store.audit.read(command="ops plugins")
    assert [(entry.command, dict(entry.options)["name"], entry.outcome) for entry in reversed(trail)] == [
        ("ops plugins reload", "every", "ok"),
        ("ops plugins unload", "every", "ok"),
        ("ops plugins unload", "ops", "usage"),
    ]
    assert {entry.actor for entry in trail} == {f"user:{SEED.admin}"}
    assert [[after for _, _, after in entry.changes] for entry in reversed(trail)] == [[], ["unloaded"], []]
