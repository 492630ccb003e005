"""Who gets through the door, what those who do not are told, and what is kept of it."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import lightbulb
import pytest

from coreops_hookspecs import AccessRequest, AccessRule, Command, Cooldown, Denial, Tier, access
from coreops_hookspecs.errors import BucketColdError, SheetsUnavailableError, UsageError
from coreops_hookspecs.telemetry import CommandCompleted
from coreops_sandbox.world.seed import SEED

SURFACES = ("slash", "prefix")
PEOPLE = ("user", "recruiter", "lead", "staff", "admin", "administrator", "owner")
RULES = {
    "everybody": (AccessRule(Tier.USER), {"user", "recruiter", "lead", "staff", "admin", "administrator", "owner"}),
    "team": (AccessRule(Tier.STAFF), {"staff", "admin", "owner"}),
    "bosses": (AccessRule(Tier.ADMIN), {"admin", "owner"}),
    "hiring": (AccessRule(Tier.STAFF, frozenset({"recruiter"})), {"recruiter", "staff", "admin", "owner"}),
    "heads": (AccessRule(Tier.ADMIN, frozenset({"lead", "recruiter"})), {"recruiter", "lead", "admin", "owner"}),
}


async def ask(bench: Any, surface: str, name: str, **who: Any) -> Any:
    if surface == "slash":
        return await bench.chat.slash(name, **who)
    return await bench.chat.say(f"!{name}", **who)


def made(name: str, body: Any = None, **declared: Any) -> Command:
    class Made(lightbulb.SlashCommand, name=name, description="Do something"):
        @lightbulb.invoke
        async def invoke(self, ctx: lightbulb.Context) -> None:
            if body is None:
                await ctx.respond(f"{name} done")
            else:
                await body(ctx)

    return Command(Made, **{"access": AccessRule(Tier.USER), **declared})


async def test_every_tier_passes_exactly_where_it_may_on_both_surfaces(bench: Any) -> None:
    await bench.start(*(made(name, access=rule) for name, (rule, _) in RULES.items()))
    for surface in SURFACES:
        for person in PEOPLE:
            for name, (_, allowed) in RULES.items():
                answer = await ask(bench, surface, name, as_=person)
                told = f"{person} asks for {name} by {surface}: {answer.text}"
                assert ("done" in answer.text) is (person in allowed), told
                assert ("only." in answer.text) is (person not in allowed), told


async def test_a_denial_is_short_says_what_to_do_and_has_a_reference(bench: Any) -> None:
    await bench.start(made("team", access=AccessRule(Tier.STAFF)))
    slash = await bench.chat.slash("team")
    prefix = await bench.chat.say("!team")
    for answer, record in zip((slash, prefix), bench.records, strict=True):
        assert answer.text.startswith("⛔ Staff only. Ask an admin")
        assert f"Reference `{record.trace[:8]}`" in answer.text
        assert (record.outcome, record.command, record.plugin) == ("denied", "team", "demo")
        assert record.actor == f"user:{SEED.user}"
    assert slash.ephemeral
    assert not prefix.ephemeral


async def test_without_configured_roles_nobody_but_the_owner_is_staff_and_the_answer_names_the_setting(
    bench: Any,
) -> None:
    bench.policy = type(bench.policy)()
    await bench.start(made("team", access=AccessRule(Tier.STAFF)))
    assert "STAFF_ROLE_IDS" in (await bench.chat.say("!team", as_="admin")).text
    assert (await bench.chat.say("!team", as_="owner")).text == "team done"


async def test_a_discord_administrator_is_admin_only_when_configured(bench: Any) -> None:
    await bench.start(made("bosses", access=AccessRule(Tier.ADMIN)))
    bench.policy = type(bench.policy)(administrator_is_admin=True)
    for surface in SURFACES:
        assert (await ask(bench, surface, "bosses", as_="administrator")).text == "bosses done"


@pytest.mark.parametrize("surface", SURFACES)
async def test_a_guild_that_is_not_listed_is_refused(bench: Any, surface: str) -> None:
    bench.policy = type(bench.policy)(guilds=frozenset({1}))
    await bench.start(made("everybody"))
    assert "does not serve this server" in (await ask(bench, surface, "everybody")).text


async def test_a_direct_message_is_answered_only_where_declared_and_roles_do_not_count_there(bench: Any) -> None:
    bench.everywhere = True
    bench.renew()
    await bench.start(
        made("server"),
        made("anywhere", access=AccessRule(Tier.USER, dm=True)),
        made("team", access=AccessRule(Tier.STAFF, dm=True)),
    )
    assert "only be used in servers" in (await bench.chat.say("!server", channel="dm")).text
    assert (await bench.chat.say("!anywhere", channel="dm")).text == "anywhere done"
    assert (await bench.chat.slash("anywhere", channel="dm")).text == "anywhere done"
    assert "Roles do not count in direct messages" in (await bench.chat.say("!team", channel="dm", as_="staff")).text
    assert (await bench.chat.say("!team", channel="dm", as_="owner")).text == "team done"


@pytest.mark.parametrize("surface", SURFACES)
async def test_a_switched_off_feature_says_how_to_switch_it_on(bench: Any, surface: str) -> None:
    await bench.start(made("feature", toggle="feature_x"))
    off = await ask(bench, surface, "feature")
    assert "switched off" in off.text
    assert "feature_x" in off.text
    assert bench.records[-1].outcome == "unavailable"
    bench.toggles.on.add("feature_x")
    assert (await ask(bench, surface, "feature")).text == "feature done"


@pytest.mark.parametrize("surface", SURFACES)
async def test_the_commands_of_a_plugin_that_does_not_serve_are_unavailable(bench: Any, surface: str) -> None:
    from coreops_hookspecs import PluginState

    await bench.start(made("everybody"))
    bench.states.change("demo", PluginState.FAILED, "broke")
    answer = await ask(bench, surface, "everybody")
    assert "everybody is unavailable" in answer.text
    assert bench.records[-1].outcome == "unavailable"


async def test_an_authorize_hook_may_deny_and_sees_who_asks(bench: Any) -> None:
    asked: list[AccessRequest] = []

    def authorize(request: AccessRequest) -> Denial | None:
        asked.append(request)
        return Denial("Not today.", "Come back tomorrow.")

    bench.authorize = authorize
    await bench.start(made("everybody"))
    answer = await bench.chat.say("!everybody", as_="staff")
    assert answer.text.startswith("⛔ Not today. Come back tomorrow.")
    assert (asked[0].command, asked[0].surface, asked[0].user_id) == ("everybody", "prefix", int(SEED.staff))
    assert asked[0].tier is Tier.STAFF
    assert int(SEED.staff_role) in asked[0].role_ids


@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("surface", SURFACES)
async def test_a_check_that_breaks_keeps_the_door_shut_and_is_answered(bench: Any, surface: str) -> None:
    ran: list[str] = []

    async def body(ctx: lightbulb.Context) -> None:
        ran.append("ran")

    def authorize(request: AccessRequest) -> Denial | None:
        msg = "the check broke"
        raise RuntimeError(msg)

    bench.authorize = authorize
    await bench.start(made("everybody", body))
    answer = await ask(bench, surface, "everybody")
    assert "Reference" in answer.text
    assert not ran
    assert bench.records[-1].outcome == "unavailable"


async def test_a_cooldown_is_shared_by_the_surfaces_and_shows_the_rest(bench: Any) -> None:
    await bench.start(made("slow", cooldown=Cooldown(2, timedelta(seconds=30))))
    assert (await bench.chat.say("!slow")).text == "slow done"
    bench.clock.advance(10)
    assert (await bench.chat.slash("slow")).text == "slow done"
    refused = await bench.chat.slash("slow")
    assert "try slow again in 20 s" in refused.text
    assert bench.records[-1].outcome == "cooldown"
    assert (await bench.chat.say("!slow", as_="staff")).text == "slow done"
    bench.clock.advance(20)
    assert (await bench.chat.say("!slow")).text == "slow done"


async def test_wrong_arguments_and_denials_use_up_no_cooldown(bench: Any) -> None:
    @access.user
    class Once(lightbulb.SlashCommand, name="once", description="Once"):
        number = lightbulb.integer("number", "A number")

        @lightbulb.invoke
        async def invoke(self, ctx: lightbulb.Context) -> None:
            await ctx.respond("done")

    await bench.start(Command(Once, cooldown=Cooldown(1, timedelta(minutes=5))))
    assert "a whole number" in (await bench.chat.say("!once x")).text
    assert (await bench.chat.say("!once 1")).text == "done"
    assert "again in 5 min" in (await bench.chat.say("!once 1")).text


@pytest.mark.parametrize("surface", SURFACES)
async def test_an_error_of_a_handler_is_answered_counted_and_named_by_its_reference(bench: Any, surface: str) -> None:
    async def body(ctx: lightbulb.Context) -> None:
        msg = "secret detail"
        raise RuntimeError(msg)

    await bench.start(made("broken", body))
    answer = await ask(bench, surface, "broken")
    record = bench.records[-1]
    assert "`broken` failed" in answer.text
    assert f"Reference `{record.trace[:8]}`" in answer.text
    assert "secret detail" not in answer.text
    assert (record.outcome, record.error) == ("error", "RuntimeError: secret detail")
    assert [str(fault.error) for fault in bench.faults] == ["secret detail"]


@pytest.mark.parametrize("surface", SURFACES)
async def test_an_error_after_the_first_answer_is_told_as_well(bench: Any, surface: str) -> None:
    async def body(ctx: lightbulb.Context) -> None:
        await ctx.respond("begun")
        msg = "broken"
        raise RuntimeError(msg)

    await bench.start(made("half", body))
    bench.chat = bench.patient
    replies = (await ask(bench, surface, "half")).replies
    assert replies[0].content == "begun"
    assert "`half` failed" in replies[1].content


@pytest.mark.parametrize("surface", SURFACES)
@pytest.mark.parametrize(
    ("error", "outcome", "text"),
    [
        (SheetsUnavailableError("sheet down", user_message="The sheet is down."), "upstream", "The sheet is down."),
        (BucketColdError("bucket 'clans' was never read"), "upstream", "Bucket 'clans' was never read."),
        (UsageError("bad", user_message="That does not fit."), "usage", "That does not fit."),
    ],
    ids=["upstream", "cold", "usage"],
)
async def test_errors_made_for_people_are_told_in_their_own_words_and_are_no_fault(
    bench: Any, surface: str, error: Exception, outcome: str, text: str
) -> None:
    async def body(ctx: lightbulb.Context) -> None:
        raise error

    await bench.start(made("typed", body))
    assert text in (await ask(bench, surface, "typed")).text
    assert bench.records[-1].outcome == outcome
    assert not bench.faults


async def test_a_handler_that_never_returns_is_stopped_and_answered(bench: Any) -> None:
    async def body(ctx: lightbulb.Context) -> None:
        await asyncio.Event().wait()

    bench.timeout = 0.2
    bench.renew()
    await bench.start(made("stuck", body))
    answer = await bench.chat.say("!stuck")
    assert "took too long" in answer.text
    assert bench.records[-1].outcome == "timeout"
    assert [str(fault.error) for fault in bench.faults] == ["no answer within 0.2 s; defer first, or answer sooner"]


@pytest.mark.parametrize("surface", SURFACES)
async def test_a_handler_that_has_answered_may_take_its_time(bench: Any, surface: str) -> None:
    async def body(ctx: lightbulb.Context) -> None:
        await ctx.defer()
        await asyncio.sleep(0.3)
        await ctx.respond("at last")

    bench.timeout = 0.15
    bench.renew()
    await bench.start(made("slow", body))
    assert (await ask(bench, surface, "slow")).text == "at last"
    assert not bench.faults


async def test_commands_that_outlast_the_draining_are_stopped_and_say_so(bench: Any) -> None:
    entered = asyncio.Event()

    async def body(ctx: lightbulb.Context) -> None:
        entered.set()
        await asyncio.Event().wait()

    await bench.start(made("long", body))
    running = asyncio.create_task(bench.chat.say("!long"))
    await asyncio.wait_for(entered.wait(), 5)
    assert await bench.room.stop(0.05) == 1
    assert "I was stopped while at it" in (await running).text
    assert not bench.faults


async def test_the_plugins_own_error_hook_is_asked_first(bench: Any) -> None:
    async def body(ctx: lightbulb.Context) -> None:
        raise LookupError("no such thing")

    async def command_error(plugin: str, ctx: lightbulb.Context, error: BaseException) -> bool:
        await ctx.respond(f"{plugin} says: {error}")
        return True

    bench.command_error = command_error
    await bench.start(made("own", body))
    answer = await bench.chat.say("!own")
    assert [reply.content for reply in answer.replies] == ["demo says: no such thing"]
    assert bench.records[-1].outcome == "error"


async def test_every_command_leaves_an_event(bench: Any) -> None:
    @access.user
    class Note(lightbulb.SlashCommand, name="note", description="Note"):
        text = lightbulb.string("text", "Text")

        @lightbulb.invoke
        async def invoke(self, ctx: lightbulb.Context) -> None:
            await ctx.respond("noted")

    await bench.start(Note)
    await bench.chat.say("!note private")
    assert "private" not in repr((bench.log.lines, bench.events))
    event = next(event for event in bench.events if isinstance(event, CommandCompleted))
    assert (event.command, event.surface, event.outcome, event.tier) == ("note", "prefix", "ok", "user")
    assert event.trace == bench.records[-1].trace


async def test_trace_and_actor_hold_for_the_whole_call(bench: Any) -> None:
    from coreops_shared import trace

    seen: list[tuple[str, str]] = []

    async def body(ctx: lightbulb.Context) -> None:
        seen.append((trace.current(), trace.actor()))
        await ctx.respond("ok")

    await bench.start(made("traced", body))
    await bench.chat.say("!traced", as_="lead")
    assert seen == [(bench.records[-1].trace, f"user:{SEED.lead}")]


async def test_draining_refuses_new_commands_and_waits_for_those_that_run(bench: Any) -> None:
    entered, leave = asyncio.Event(), asyncio.Event()

    async def body(ctx: lightbulb.Context) -> None:
        entered.set()
        await leave.wait()
        await ctx.respond("finished")

    await bench.start(made("long", body), made("other"))
    running = asyncio.create_task(bench.chat.say("!long"))
    await asyncio.wait_for(entered.wait(), 5)
    draining = asyncio.create_task(bench.room.stop(5.0))
    await asyncio.sleep(0)
    assert "restarting" in (await bench.chat.say("!other", as_="staff")).text
    leave.set()
    assert await asyncio.wait_for(draining, 5) == 0
    assert (await running).text == "finished"


async def test_a_slash_command_that_is_gone_is_answered(bench: Any) -> None:
    await bench.start(made("kept"))
    remove = bench.room.tree.add("demo", made("gone"))
    await bench.room.sync()
    remove()
    answer = await bench.chat.slash("gone")
    assert "There is no command `/gone` any more" in answer.text
    assert answer.ephemeral
