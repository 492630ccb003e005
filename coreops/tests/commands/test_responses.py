"""Whatever a handler does with its responses works on both surfaces."""

from __future__ import annotations

from typing import Any

import hikari
import lightbulb
import pytest

from coreops_hookspecs import access
from coreops_sandbox.world.permissions import Permission
from coreops_sandbox.world.seed import SEED

SURFACES = ("slash", "prefix")


async def ask(bench: Any, surface: str, name: str, **who: Any) -> Any:
    if surface == "slash":
        return await bench.chat.slash(name, **who)
    return await bench.chat.say(f"!{name}", **who)


def command(body: Any) -> type[lightbulb.SlashCommand]:
    @access.user
    class Made(lightbulb.SlashCommand, name="do", description="Do something"):
        @lightbulb.invoke
        async def invoke(self, ctx: lightbulb.Context) -> None:
            await body(ctx)

    return Made


@pytest.mark.parametrize("surface", SURFACES)
async def test_a_deferred_answer_arrives(bench: Any, surface: str) -> None:
    async def body(ctx: lightbulb.Context) -> None:
        await ctx.defer()
        await ctx.respond("late")

    await bench.start(command(body))
    assert (await ask(bench, surface, "do")).text == "late"


@pytest.mark.parametrize("surface", SURFACES)
async def test_a_deferred_answer_can_be_edited_in(bench: Any, surface: str) -> None:
    async def body(ctx: lightbulb.Context) -> None:
        await ctx.defer()
        await ctx.interaction.edit_initial_response("edited in")

    await bench.start(command(body))
    assert (await ask(bench, surface, "do")).text == "edited in"


@pytest.mark.parametrize("surface", SURFACES)
async def test_follow_ups_come_after_the_first_answer(bench: Any, surface: str) -> None:
    async def body(ctx: lightbulb.Context) -> None:
        await ctx.respond("one")
        second = await ctx.respond("two")
        await ctx.edit_response(second, "two, edited")

    await bench.start(command(body))
    bench.chat = bench.patient
    replies = (await ask(bench, surface, "do")).replies
    assert [reply.content for reply in replies] == ["one", "two, edited"]


@pytest.mark.parametrize("surface", SURFACES)
async def test_a_response_can_be_edited_fetched_and_deleted(bench: Any, surface: str) -> None:
    async def body(ctx: lightbulb.Context) -> None:
        first = await ctx.respond("one")
        await ctx.edit_response(first, content="changed", embed=hikari.Embed(title="card"))
        fetched = await ctx.fetch_response(first)
        second = await ctx.respond(f"{fetched.content} {fetched.embeds[0].title}")
        await ctx.delete_response(first)
        assert (await ctx.fetch_response(second)).content == "changed card"

    await bench.start(command(body))
    bench.chat = bench.patient
    exchange = await ask(bench, surface, "do")
    assert exchange.replies[-1].content == "changed card"
    assert "changed" not in [reply.content for reply in exchange.replies]
    assert bench.records[-1].outcome == "ok"


@pytest.mark.parametrize("surface", SURFACES)
async def test_embeds_files_and_components_arrive(bench: Any, surface: str) -> None:
    async def body(ctx: lightbulb.Context) -> None:
        row = hikari.impl.MessageActionRowBuilder()
        row.add_link_button("https://example.com/manual", label="Manual")
        embed = hikari.Embed(title="Card")
        await ctx.respond("all", embed=embed, attachment=hikari.Bytes(b"hi", "hi.txt"), components=[row])

    await bench.start(command(body))
    reply = (await ask(bench, surface, "do")).reply
    assert reply.content == "all"
    assert reply.embeds[0].title == "Card"
    assert reply.attachments[0].filename == "hi.txt"
    assert [part.label for part in reply.parts() if part.label] == ["Manual"]


async def test_a_prefix_answer_references_the_message_and_is_never_hidden(bench: Any) -> None:
    async def body(ctx: lightbulb.Context) -> None:
        await ctx.respond("secret", ephemeral=True)

    await bench.start(command(body))
    said = await bench.chat.say("!do")
    assert not said.ephemeral
    assert said.reply.type == 19  # REPLY, Discord docs, Message Types
    assert (await bench.chat.slash("do")).ephemeral


@pytest.mark.parametrize("surface", SURFACES)
async def test_nothing_pings_unless_asked_for(bench: Any, surface: str) -> None:
    async def body(ctx: lightbulb.Context) -> None:
        sent = await ctx.fetch_response(await ctx.respond("@everyone <@1090000000000000405>"))
        assert not sent.mentions_everyone
        assert not sent.user_mentions_ids

    await bench.start(command(body))
    assert (await ask(bench, surface, "do")).text.startswith("@everyone")
    assert bench.records[-1].outcome == "ok"


async def test_a_form_on_the_prefix_surface_is_refused_with_the_slash_form(bench: Any) -> None:
    async def body(ctx: lightbulb.Context) -> None:
        row = hikari.impl.ModalActionRowBuilder().add_text_input("name", "Name")
        await ctx.respond_with_modal("Form", "form", components=[row])

    await bench.start(command(body))
    refused = await bench.chat.say("!do")
    assert "Use /do instead" in refused.text
    assert bench.records[-1].outcome == "usage"
    assert not bench.faults
    assert (await bench.chat.slash("do")).modal["title"] == "Form"


@pytest.mark.parametrize("surface", SURFACES)
async def test_buttons_of_a_menu_work(bench: Any, surface: str) -> None:
    async def pressed(ctx: lightbulb.components.MenuContext) -> None:
        await ctx.respond("pressed", edit=True)

    async def body(ctx: lightbulb.Context) -> None:
        menu = lightbulb.components.Menu()
        menu.add_interactive_button(hikari.ButtonStyle.PRIMARY, pressed, label="Press")
        await ctx.respond("a menu", components=menu)
        menu.attach_persistent(ctx.client, timeout=None)

    await bench.start(command(body))
    exchange = await ask(bench, surface, "do")
    after = await bench.chat.press(exchange.reply, "Press")
    assert after.reply.content == "pressed"


@pytest.mark.parametrize("surface", SURFACES)
async def test_a_button_that_fails_is_a_fault_of_its_plugin_and_is_answered(bench: Any, surface: str) -> None:
    async def pressed(ctx: lightbulb.components.MenuContext) -> None:
        msg = "broken"
        raise RuntimeError(msg)

    async def body(ctx: lightbulb.Context) -> None:
        menu = lightbulb.components.Menu()
        menu.add_interactive_button(hikari.ButtonStyle.PRIMARY, pressed, label="Press")
        await ctx.respond("a menu", components=menu)
        menu.attach_persistent(ctx.client, timeout=None)

    await bench.start(command(body))
    exchange = await ask(bench, surface, "do")
    after = await bench.chat.press(exchange.reply, "Press")
    assert "That failed" in after.text
    assert [fault.what for fault in bench.faults] == ["do (button)"]


class Form(lightbulb.components.Modal):
    """A form with one question."""

    def __init__(self) -> None:
        self.name = self.add_short_text_input("Name", custom_id="name")

    async def on_submit(self, ctx: lightbulb.components.ModalContext[str]) -> str:
        name = ctx.value_for(self.name) or ""
        if name == "break":
            msg = "broken"
            raise RuntimeError(msg)
        await ctx.respond(f"hello {name}")
        return name


@pytest.mark.parametrize(
    ("name", "answer", "faults"), [("Ann", "hello Ann", []), ("break", "❌ That failed.", ["do (form)"])]
)
async def test_a_form_reaches_the_handler_that_waits_for_it(
    bench: Any, name: str, answer: str, faults: list[str]
) -> None:
    async def body(ctx: lightbulb.Context) -> None:
        form = Form()
        await ctx.respond_with_modal("Who", "who", components=form)
        await form.attach(ctx.client, "who", timeout=5)

    await bench.start(command(body))
    opened = await bench.chat.slash("do")
    assert (await bench.chat.submit(opened, {"name": name})).text.startswith(answer)
    assert [fault.what for fault in bench.faults] == faults


async def test_a_button_that_nobody_handles_any_more_says_so(bench: Any) -> None:
    async def body(ctx: lightbulb.Context) -> None:
        row = hikari.impl.MessageActionRowBuilder()
        row.add_interactive_button(hikari.ButtonStyle.PRIMARY, "gone", label="Old")
        await ctx.respond("a menu", components=[row])

    await bench.start(command(body))
    exchange = await bench.chat.say("!do")
    after = await bench.chat.press(exchange.reply, "Old")
    assert "no longer active" in after.text
    assert after.ephemeral


async def test_without_embed_links_an_embed_becomes_text(bench: Any) -> None:
    async def body(ctx: lightbulb.Context) -> None:
        await ctx.respond(embed=hikari.Embed(title="Card", description="Steady").add_field("Level", "24"))

    bench.deny(SEED.general, Permission.EMBED_LINKS)
    await bench.start(command(body))
    reply = (await bench.chat.say("!do", channel="general")).reply
    assert reply.embeds == ()
    assert reply.content == "**Card**\nSteady\n**Level**: 24"


async def test_without_send_messages_nothing_breaks_and_the_log_says_what_to_grant(bench: Any) -> None:
    async def body(ctx: lightbulb.Context) -> None:
        await ctx.respond("hello")

    bench.deny(SEED.general, Permission.SEND_MESSAGES)
    await bench.start(command(body))
    said = await bench.brief.say("!do", channel="general")
    assert said.replies == ()
    assert bench.records[-1].outcome == "unavailable"
    assert "grant it View Channel and Send Messages" in bench.records[-1].error
    assert not bench.faults
