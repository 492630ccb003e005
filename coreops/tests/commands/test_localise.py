"""A German reads German: descriptions, refusals, and English for everybody else."""

from __future__ import annotations

from typing import Any

import hikari
import lightbulb
import pytest

from coreops_hookspecs import Command, Texts, access
from coreops_sandbox.world.seed import SEED

GERMAN = Texts(
    "de", {"Admins": "Admins", "{who} only.": "Nur für {who}.", "Do it": "Tu es", "How": "x" * 101}, {"do": "tu"}
)


@access.admin
class Do(lightbulb.SlashCommand, name="do", description="Do it"):
    how = lightbulb.string("how", "How", default="")

    @lightbulb.invoke
    async def invoke(self, ctx: lightbulb.Context) -> None:
        await ctx.respond("done")


@pytest.fixture
async def german(bench: Any) -> Any:
    bench.catalogue.add("demo", GERMAN)
    await bench.start(Command(Do))
    return bench


async def test_each_is_answered_in_the_language_of_their_discord(german: Any) -> None:
    english = await german.chat.slash("do")
    german.sandbox.world.locale = "de"
    assert "Admins only." in english.text
    assert "Nur für Admins." in (await german.chat.slash("do")).text


@pytest.mark.parametrize("surface", ["slash", "prefix"])
async def test_the_operator_may_set_one_language_for_all(german: Any, surface: str) -> None:
    german.language = "de"
    said = await (german.chat.slash("do") if surface == "slash" else german.chat.say("!do"))
    assert "Nur für Admins." in said.text


async def test_names_and_descriptions_are_synced_and_a_second_sync_sends_nothing(german: Any) -> None:
    (command,) = await german.gateway.rest.fetch_application_commands(int(SEED.application), guild=int(SEED.guild))
    assert isinstance(command, hikari.SlashCommand)
    assert command.name_localizations == {hikari.Locale.DE: "tu"}
    assert command.description_localizations == {hikari.Locale.DE: "Tu es"}
    assert not (command.options or ())[0].description_localizations  # longer than Discord takes
    assert not (await german.room.sync()).changed
