"""Presses on declared controls: who may, what they bring, how they are answered and put on record."""

from __future__ import annotations

import asyncio
from typing import Any

import hikari
import lightbulb
import pytest

from coreops_hookspecs import AccessRule, Command, Control, Denial, Tier, access
from coreops_hookspecs.errors import DeclarationError, UsageError
from coreops_sandbox.world.seed import SEED


def sends(bench: Any, name: str = "go", state: str = "", **ids: Any) -> Command:
    """Return a command that answers with one button of a control."""

    @access.user
    class Made(lightbulb.SlashCommand, name="list", description="Shows a button"):
        @lightbulb.invoke
        async def invoke(self, ctx: lightbulb.Context) -> None:
            row = hikari.impl.MessageActionRowBuilder()
            custom_id = bench.room.controls.of("demo").id(name, state, **ids)
            row.add_interactive_button(hikari.ButtonStyle.PRIMARY, custom_id, label="Go")
            await ctx.respond("a list", components=[row])

    return Command(Made, toggle="lists")


async def pressed(bench: Any, callback: Any, *, as_: str = "user", **declared: Any) -> Any:
    """Let a user run the command, and somebody press its button."""
    bench.toggles.on.add("lists")
    bench.room.controls.add("demo", Control("go", callback, **declared))
    await bench.start(sends(bench, state="page 2"))
    listed = await bench.chat.say("!list")
    return await bench.chat.press(listed.reply, "Go", as_=as_)


async def done(ctx: Any, press: Any) -> None:
    await press.update(f"{ctx.plugin} {press.state} {press.user_id == press.owner_id}", components=[])


async def test_a_press_brings_its_state_and_changes_the_message(bench: Any) -> None:
    answered = await pressed(bench, done)
    assert answered.text == "demo page 2 True"
    assert answered.reply.edited
    (record,) = [record for record in bench.records if record.surface == "press"]
    assert (record.command, record.options, record.outcome) == ("demo go", (("state", "page 2"),), "ok")


async def test_only_the_owner_may_press(bench: Any) -> None:
    answered = await pressed(bench, done, as_="admin", command="list")
    assert answered.ephemeral
    assert answered.text.startswith(f"⛔ Only <@{SEED.user}> can use this. Run `list` yourself.")
    assert bench.records[-1].outcome == "denied"


async def test_a_shared_control_is_for_everybody(bench: Any) -> None:
    bench.toggles.on.add("lists")
    bench.room.controls.add("demo", Control("go", done))
    await bench.start(sends(bench, shared=True))
    listed = await bench.chat.slash("list")
    assert (await bench.chat.press(listed.reply, "Go", as_="admin")).text == "demo  False"


async def test_a_press_passes_the_door_of_its_command(bench: Any) -> None:
    bench.toggles.on.add("lists")
    bench.room.controls.add("demo", Control("go", done, command="list"))
    await bench.start(sends(bench))
    listed = await bench.chat.say("!list")
    bench.toggles.on.clear()
    answered = await bench.chat.press(listed.reply, "Go")
    assert "list is switched off" in answered.text


@pytest.mark.parametrize("declared", [{"access": AccessRule(Tier.ADMIN)}, {"toggle": "other"}])
async def test_a_press_passes_the_door_of_its_control(bench: Any, declared: dict[str, Any]) -> None:
    answered = await pressed(bench, done, **declared)
    assert answered.ephemeral
    assert bench.records[-1].outcome in ("denied", "unavailable")


async def test_authorize_hooks_may_deny_a_press(bench: Any) -> None:
    bench.authorize = lambda request: Denial("Not today.") if request.surface == "press" else None
    answered = await pressed(bench, done)
    assert "Not today." in answered.text


async def test_a_slow_press_is_acknowledged_and_its_answer_arrives(bench: Any) -> None:
    bench.patience = 0.02
    bench.renew()
    acknowledged = asyncio.Event()

    async def slow(ctx: Any, press: Any) -> None:
        while not press._sent.is_set():
            await asyncio.sleep(0.01)
        acknowledged.set()
        await press.update("at last")

    answered = await pressed(bench, slow)
    assert acknowledged.is_set()
    assert answered.text == "at last"


async def test_a_press_that_answers_nothing_leaves_the_message_as_it_is(bench: Any) -> None:
    async def nothing(ctx: Any, press: Any) -> None: ...

    bench.chat = bench.brief
    answered = await pressed(bench, nothing)
    assert answered.error is None
    assert not answered.replies


async def test_a_press_that_never_answers_is_ended(bench: Any) -> None:
    bench.timeout = 0.05
    bench.renew()

    async def forever(ctx: Any, press: Any) -> None:
        await asyncio.Event().wait()

    answered = await pressed(bench, forever)
    assert "took too long" in answered.text


async def test_a_press_that_fails_is_a_fault_and_is_answered(bench: Any) -> None:
    async def fails(ctx: Any, press: Any) -> None:
        raise RuntimeError("secret detail")

    answered = await pressed(bench, fails)
    assert "secret" not in answered.text
    assert "Reference" in answered.text
    assert [fault.what for fault in bench.faults] == ["demo go"]


async def test_a_form_is_refused_after_another_answer(bench: Any) -> None:
    async def late(ctx: Any, press: Any) -> None:
        await press.defer()
        with pytest.raises(UsageError, match="first answer"):
            await press.open_form("Form", "form", [])
        await press.respond("too late")

    assert (await pressed(bench, late)).text == "too late"


async def test_the_message_can_be_changed_after_a_reply(bench: Any) -> None:
    async def both(ctx: Any, press: Any) -> None:
        await press.respond("for you")
        await press.update("changed")

    answered = await pressed(bench, both)
    assert {reply.content for reply in answered.replies} >= {"for you"}
    assert "changed" in [message["content"] for message in await bench.chat.messages()]


async def test_a_control_that_is_gone_says_so(bench: Any) -> None:
    bench.toggles.on.add("lists")
    remove = bench.room.controls.add("demo", Control("go", done))
    await bench.start(sends(bench))
    listed = await bench.chat.say("!list")
    remove()
    remove()
    assert bench.room.controls.held_by("demo") == ()
    assert "no longer active" in (await bench.chat.press(listed.reply, "Go")).text


async def test_an_id_is_made_for_declared_controls_and_short_states_only(bench: Any) -> None:
    bench.room.controls.add("demo", Control("go", done))
    ids = bench.room.controls.of("demo")
    with pytest.raises(KeyError, match='did you mean "go"'):
        ids.id("goo")
    with pytest.raises(ValueError, match="70 fit"):
        ids.id("go", "x" * 71, shared=True)
    with pytest.raises(LookupError):
        ids.id("go")
    with pytest.raises(KeyError):
        bench.room.controls.of("other").id("go", shared=True)


@pytest.mark.parametrize("name", ["", "Go", "a b", "x" * 33])
async def test_a_name_that_cannot_be_used_is_refused(bench: Any, name: str) -> None:
    with pytest.raises(DeclarationError, match="not allowed"):
        bench.room.controls.add("demo", Control(name, done))


async def test_a_name_is_used_once_in_a_plugin(bench: Any) -> None:
    bench.room.controls.add("demo", Control("go", done))
    with pytest.raises(DeclarationError, match="clashes"):
        bench.room.controls.add("demo", Control("go", done))
