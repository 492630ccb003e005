"""What callers are told, and lightbulb's own refusals as ours."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import hikari
import lightbulb
import pytest
from lightbulb import prefab

from coreops.commands.access import Caller, Grant
from coreops.commands.answers import answer, cooldown_error
from coreops.commands.invocation import Invocation, current
from coreops_hookspecs import Tier, access
from coreops_hookspecs.errors import CooldownError, CoreOpsError, DeniedError, UsageError

TRACE = "0123456789abcdef0123456789abcdef"


def invocation() -> Invocation:
    return Invocation(
        command="clan",
        plugin="demo",
        surface="prefix",
        caller=Caller(1, 2, 3),
        grant=Grant(Tier.USER),
        trace=TRACE,
        received_at=0.0,
    )


@pytest.mark.parametrize(
    ("error", "outcome", "text"),
    [
        (DeniedError("x", user_message="Staff only."), "denied", "⛔ Staff only."),
        (cooldown_error("clan", 0.2), "cooldown", "⏳ Not so fast: try clan again in 1 s."),
        (cooldown_error("clan", 599), "cooldown", "⏳ Not so fast: try clan again in 9 min 59 s."),
        (CooldownError("wait", retry_after=1), "cooldown", "⏳ Wait."),
        (TimeoutError("x"), "timeout", "❌ `clan` took too long and was stopped."),
        (KeyError("secret"), "error", "❌ `clan` failed."),
        (CoreOpsError("secret"), "error", "❌ `clan` failed."),
    ],
)
def test_each_error_has_its_outcome_and_words(error: Exception, outcome: str, text: str) -> None:
    said = answer(error, invocation(), None, "!")
    assert (said.outcome, said.text.startswith(text)) == (outcome, True)
    assert said.text.endswith("\n-# Reference `01234567`")
    assert "secret" not in said.text


def test_an_answer_fits_into_a_message() -> None:
    assert len(answer(UsageError("x", user_message="y" * 5000), invocation(), None, "!").text) == 2000


def test_outside_a_command_there_is_no_invocation() -> None:
    with pytest.raises(LookupError, match="no command is being run"):
        current()


@pytest.mark.parametrize("surface", ["slash", "prefix"])
async def test_lightbulbs_own_checks_and_converters_are_answered_as_refusals(bench: Any, surface: str) -> None:
    def picky(ctx: lightbulb.Context, value: str) -> str:
        msg = "not that"
        raise ValueError(msg)

    @access.user
    class Owned(lightbulb.SlashCommand, name="owned", description="Owned", hooks=[prefab.owner_only]):
        @lightbulb.invoke
        async def invoke(self, ctx: lightbulb.Context) -> None:
            await ctx.respond("yours")

    @access.user
    class Slow(lightbulb.SlashCommand, name="slow", description="Slow", hooks=[prefab.fixed_window(60, 1, "user")]):
        @lightbulb.invoke
        async def invoke(self, ctx: lightbulb.Context) -> None:
            await ctx.respond("slow")

    @access.user
    class Manage(
        lightbulb.SlashCommand,
        name="manage",
        description="Manage",
        hooks=[prefab.has_permissions(hikari.Permissions.MANAGE_GUILD)],
    ):
        @lightbulb.invoke
        async def invoke(self, ctx: lightbulb.Context) -> None:
            await ctx.respond("managed")

    @access.user
    class Picky(lightbulb.SlashCommand, name="picky", description="Picky"):
        word = lightbulb.string("word", "A word", converter=picky)

        @lightbulb.invoke
        async def invoke(self, ctx: lightbulb.Context) -> None:
            await ctx.respond(self.word)

    await bench.start(Owned, Slow, Manage, Picky)

    async def ask(name: str, as_: str = "user", **options: str) -> str:
        if surface == "slash":
            return (await bench.chat.slash(name, as_=as_, options=options)).text
        return (await bench.chat.say(f"!{name} {' '.join(options.values())}", as_=as_)).text

    assert "You may not run this command" in await ask("owned")
    assert await ask("slow") == "slow"
    assert "try slow again in" in await ask("slow")
    assert "You may not run this command" in await ask("manage")
    assert await ask("manage", "admin") == "managed"
    assert "`x` does not fit `word`" in await ask("picky", word="x")
    assert [record.outcome for record in bench.records] == ["denied", "ok", "cooldown", "denied", "ok", "usage"]
    assert not bench.faults


def test_a_cooldown_error_carries_the_seconds() -> None:
    assert cooldown_error("x", timedelta(seconds=5).total_seconds()).retry_after == 5
