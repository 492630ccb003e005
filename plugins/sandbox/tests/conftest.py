"""A world on a clock that the test moves, and a small real bot as a plugin author would write it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import hikari
import lightbulb
import pytest

from coreops_sandbox.server import Sandbox
from coreops_sandbox.world.actions import Actions
from coreops_sandbox.world.events import Dispatch, Notice
from coreops_sandbox.world.seed import SEED, SeedIds, default_world
from coreops_sandbox.world.world import World

CLANS = {"EMB": "Ember Vanguard", "NIT": "Nightglass", "TID": "Tidewardens", "OAK": "Oakheart Haven"}
BOSSES = ("Cinder Hydra", "Frost Matriarch")


def card(title: str) -> hikari.Embed:
    embed = hikari.Embed(
        title=title, description="Steady **daily** damage.", color=0xE67E22, url="https://example.com/"
    )
    embed.set_author(name="Recruitment").set_footer(text="clans, read 12 s ago")
    embed.set_thumbnail("https://crests.example/ember.png")
    for name, value in (("Level", "24"), ("Entry", "Hard"), ("Spots", "3")):
        embed.add_field(name, value, inline=True)
    return embed.add_field("Notes", "Speaks `English`")


def controls() -> list[hikari.api.ComponentBuilder]:
    buttons = hikari.impl.MessageActionRowBuilder()
    buttons.add_interactive_button(hikari.ButtonStyle.SUCCESS, "approve", label="Approve")
    buttons.add_interactive_button(hikari.ButtonStyle.PRIMARY, "form", label="Rename")
    buttons.add_interactive_button(hikari.ButtonStyle.DANGER, "locked", label="Locked", is_disabled=True)
    buttons.add_link_button("https://example.com/manual", label="Manual")
    bosses = hikari.impl.MessageActionRowBuilder()
    menu = bosses.add_text_menu("boss", placeholder="Choose a boss")
    for boss in BOSSES:
        menu.add_option(boss, boss.lower())
    people = hikari.impl.MessageActionRowBuilder()
    people.add_select_menu(hikari.ComponentType.USER_SELECT_MENU, "who", placeholder="Pick members", max_values=2)
    return [buttons, bosses, people]


async def suggest(ctx: lightbulb.AutocompleteContext[str]) -> None:
    typed = str(ctx.focused.value or "").upper()
    await ctx.respond([(f"{tag} {name}", tag) for tag, name in CLANS.items() if typed in f"{tag} {name.upper()}"])


class Clan(lightbulb.SlashCommand, name="clan", description="Show a clan's card"):
    tag = lightbulb.string("tag", "The clan's short tag", autocomplete=suggest)
    detail = lightbulb.boolean("detail", "Everything there is", default=False)

    @lightbulb.invoke
    async def invoke(self, ctx: lightbulb.Context) -> None:
        await ctx.respond(content="In detail" if self.detail else "", embed=card(CLANS[self.tag]))


ops = lightbulb.Group("ops", "Operations")


@ops.register
class Secret(lightbulb.SlashCommand, name="secret", description="A word for you alone"):
    @lightbulb.invoke
    async def invoke(self, ctx: lightbulb.Context) -> None:
        await ctx.respond("The word is heron", ephemeral=True)


@ops.register
class Slow(lightbulb.SlashCommand, name="slow", description="Thinks first"):
    @lightbulb.invoke
    async def invoke(self, ctx: lightbulb.Context, gate: asyncio.Event) -> None:
        await ctx.defer()
        await gate.wait()
        await ctx.respond("Done thinking")


@ops.register
class Silent(lightbulb.SlashCommand, name="silent", description="Never answers"):
    @lightbulb.invoke
    async def invoke(self, ctx: lightbulb.Context) -> None:
        """Say nothing, as a handler that forgot to."""


async def on_message(event: hikari.MessageCreateEvent) -> None:
    if not event.is_human or not event.content:
        return
    if event.content == "!panel":
        await event.message.respond("Choose", components=controls())
    elif event.content == "!card":
        await event.message.respond(embed=card("Ember Vanguard"), reply=True)
    elif event.content == "!file":
        await event.message.respond(attachment=hikari.Bytes(b"a,b\n1,2\n", "table.csv"))
    elif event.content.startswith("!echo "):
        await event.message.respond(event.content.removeprefix("!echo "))


async def on_interaction(event: hikari.InteractionCreateEvent) -> None:
    interaction = event.interaction
    update = hikari.ResponseType.MESSAGE_UPDATE
    if isinstance(interaction, hikari.ModalInteraction):
        name = interaction.components[0].components[0].value
        await interaction.create_initial_response(hikari.ResponseType.MESSAGE_CREATE, f"Renamed to {name}")
    elif isinstance(interaction, hikari.ComponentInteraction) and interaction.custom_id == "form":
        row = hikari.impl.ModalActionRowBuilder().add_text_input("name", "New name", min_length=2)
        await interaction.create_modal_response("Rename a clan", "rename", components=[row])
    elif isinstance(interaction, hikari.ComponentInteraction):
        said = " ".join([interaction.custom_id, *interaction.values])
        await interaction.create_initial_response(update, f"{said} by {interaction.user.username}")


@pytest.fixture
def gate() -> asyncio.Event:
    """What `/ops slow` waits for."""
    return asyncio.Event()


@pytest.fixture
async def bot(sandbox: Sandbox, gate: asyncio.Event) -> AsyncIterator[hikari.GatewayBot]:
    """The bot, connected and with its commands synced."""
    intents = hikari.Intents.ALL_UNPRIVILEGED | hikari.Intents.MESSAGE_CONTENT
    app = hikari.GatewayBot(sandbox.token, rest_url=sandbox.rest_url, intents=intents, banner=None, logs=None)
    client = lightbulb.client_from_app(app)
    client.di.registry_for(lightbulb.di.Contexts.DEFAULT).register_value(asyncio.Event, gate)
    client.register(Clan)
    client.register(ops)
    app.subscribe(hikari.StartingEvent, client.start)
    app.subscribe(hikari.MessageCreateEvent, on_message)
    app.subscribe(hikari.InteractionCreateEvent, on_interaction)
    async with asyncio.timeout(20):
        await app.start(check_for_updates=False)
    yield app
    await client.stop()
    if app.is_alive:
        await app.close()


@dataclass
class Clock:
    """POSIX seconds that only a test moves."""

    now: float = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += seconds


@dataclass
class Recorder:
    """Everything the world publishes."""

    dispatches: list[Dispatch] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)

    def names(self) -> list[str]:
        return [one.name for one in self.dispatches]

    def last(self, name: str) -> Dispatch:
        return [one for one in self.dispatches if one.name == name][-1]


@pytest.fixture
def ids() -> SeedIds:
    return SEED


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def world(clock: Clock) -> World:
    return default_world(clock)


@pytest.fixture
def people(world: World) -> Actions:
    return Actions(world)


@pytest.fixture
def seen(world: World) -> Recorder:
    recorder = Recorder()
    world.hub.subscribe(recorder.dispatches.append)
    world.notices.subscribe(recorder.notices.append)
    return recorder
