"""Actions that are listed need a second person: who, until when, and over a restart."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import lightbulb
import pytest

from coreops.commands.access import Caller, Grant
from coreops.commands.approvals import ApprovalPendingError, Approvals, needed
from coreops.commands.invocation import Invocation
from coreops_hookspecs import AccessRule, Command, Control, Tier
from coreops_hookspecs.errors import CoreOpsError, UnavailableError, UsageError
from coreops_sandbox.world.seed import SEED
from coreops_shared.clock import ManualClock

SURFACES = ("slash", "prefix")


@pytest.mark.parametrize(
    ("listed", "command", "options", "expected"),
    [
        ("ops reload --reboot", "ops reload", (("reboot", "True"),), True),
        ("ops reload --reboot", "ops reload", (("reboot", "False"),), False),
        ("ops reload --reboot", "ops reload", (), False),
        ("ops sync; OPS Reload", "ops reload", (), True),
        ("ops", "ops reload", (), False),
        ("", "ops reload", (), False),
    ],
)
def test_an_action_is_a_command_with_the_options_that_matter(
    listed: str, command: str, options: tuple[tuple[str, str], ...], expected: bool
) -> None:
    assert needed(listed, command, options) is expected


def asking(user: int = 1, options: tuple[tuple[str, str], ...] = ()) -> Invocation:
    return Invocation(
        command="ops sync",
        plugin="ops",
        surface="slash",
        caller=Caller(user, 9, 8),
        grant=Grant(Tier.ADMIN),
        trace="t",
        received_at=0.0,
        options=options,
    )


class Values:
    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}
        self.broken = False

    async def kv_get(self, plugin: str, key: str) -> str | None:
        return self.kept.get((plugin, key))

    async def kv_set(self, plugin: str, key: str, value: str) -> None:
        if self.broken:
            raise CoreOpsError("the disk is full")
        self.kept[plugin, key] = value


def approvals(values: Values, clock: ManualClock) -> Approvals:
    return Approvals(values, clock, lambda: "ops sync")


async def request(held: Approvals, invocation: Invocation) -> str:
    with pytest.raises(ApprovalPendingError) as pending:
        await held.pass_through(invocation)
    return pending.value.request.id


async def test_an_approval_serves_once_and_over_a_restart() -> None:
    values, clock = Values(), ManualClock()
    number = await request(approvals(values, clock), asking())
    await approvals(values, clock).decide(number, 2, granted=True)
    later = approvals(values, clock)
    approved = asking()
    await later.pass_through(approved)
    assert approved.approved_by == 2
    assert await request(later, asking()) != number


async def test_an_approval_serves_nobody_else_and_no_other_options() -> None:
    held = approvals(Values(), ManualClock())
    await held.decide(await request(held, asking()), 2, granted=True)
    await request(held, asking(user=3))
    await request(held, asking(options=(("plan", "True"),)))


async def test_asking_twice_is_one_request() -> None:
    held = approvals(Values(), ManualClock())
    assert await request(held, asking()) == await request(held, asking())


async def test_requests_and_approvals_expire() -> None:
    clock = ManualClock()
    held = approvals(Values(), clock)
    number = await request(held, asking())
    await clock.run_for(601)
    with pytest.raises(UsageError, match="no approval"):
        await held.decide(number, 2, granted=True)
    await held.decide(await request(held, asking()), 2, granted=True)
    await clock.run_for(601)
    await request(held, asking())


async def test_without_the_store_nothing_is_let_through() -> None:
    values = Values()
    values.broken = True
    with pytest.raises(UnavailableError, match="cannot be kept"):
        await approvals(values, ManualClock()).pass_through(asking())


# --- with buttons, over the sandbox


def risky() -> Command:
    class Made(lightbulb.SlashCommand, name="risky", description="Do something risky"):
        what = lightbulb.string("what", "What", default="")

        @lightbulb.invoke
        async def invoke(self, ctx: lightbulb.Context) -> None:
            await ctx.respond(f"risky {self.what} done")

    return Command(Made, access=AccessRule(Tier.ADMIN))


@pytest.fixture
async def guarded(bench: Any) -> Any:
    """A room in which ``risky`` needs a second person."""
    bench.approvals = "risky"
    bench.plugin("ops")

    async def approve(ctx: Any, press: Any) -> None:
        request, running = await bench.room.service.decide(press.state, granted=True)
        await press.update(f"approved {request.text} {running}", components=[], embed=None)

    async def decline(ctx: Any, press: Any) -> None:
        request, _ = await bench.room.service.decide(press.state, granted=False)
        await press.update(f"declined {request.text}", components=[], embed=None)

    for name, callback in (("approve", approve), ("decline", decline)):
        bench.room.controls.add("ops", Control(name, callback, access=AccessRule(Tier.STAFF)))
    bench.context = SimpleNamespace(plugin="ops")
    await bench.start(risky())
    return bench


async def ask(bench: Any, surface: str) -> Any:
    if surface == "slash":
        return await bench.chat.slash("risky", as_="admin", options={"what": "jump"})
    return await bench.chat.say("!risky jump", as_="admin")


@pytest.mark.parametrize("surface", SURFACES)
async def test_the_command_runs_when_somebody_else_approves(guarded: Any, surface: str) -> None:
    asked = await ask(guarded, surface)
    assert f"<@{SEED.admin}> asks to run `risky what:jump`." in asked.text
    assert guarded.records[-1].outcome == "pending"
    approved = await guarded.chat.press(asked.reply, "Approve", as_="owner")
    texts = [message["content"] for message in await guarded.chat.messages(as_="admin")]
    assert "approved risky what:jump True" in approved.text
    assert "risky jump done" in texts
    last = next(record for record in reversed(guarded.records) if record.command == "risky")
    assert (last.outcome, last.actor) == ("ok", f"user:{SEED.admin}")
    assert ("approval", "needed", f"given by user:{SEED.owner}") in last.changes


async def test_nobody_approves_what_they_asked_for(guarded: Any) -> None:
    asked = await ask(guarded, "prefix")
    refused = await guarded.chat.press(asked.reply, "Approve", as_="admin")
    assert "Somebody else must approve" in refused.text
    assert "declined" in (await guarded.chat.press(asked.reply, "Decline", as_="admin")).text


@pytest.mark.parametrize("person", ["user", "staff"])
async def test_who_may_not_run_it_may_not_approve_it(guarded: Any, person: str) -> None:
    asked = await ask(guarded, "prefix")
    refused = await guarded.chat.press(asked.reply, "Approve", as_=person)
    assert refused.ephemeral
    assert "only." in refused.text
    assert (await guarded.chat.press(asked.reply, "Approve", as_="owner")).text


async def test_a_decision_is_made_once(guarded: Any) -> None:
    asked = await ask(guarded, "prefix")
    number = asked.reply.control("Approve").custom_id[29:]
    await guarded.chat.press(asked.reply, "Decline", as_="owner")
    with pytest.raises(UsageError, match="no approval"):
        await guarded.room._second.decide(number, asking(), granted=True)
    assert "asks to run" in (await ask(guarded, "prefix")).text


async def test_after_a_restart_the_command_is_run_again_by_hand(guarded: Any) -> None:
    asked = await ask(guarded, "prefix")
    guarded.room._second._waiting.clear()
    approved = await guarded.chat.press(asked.reply, "Approve", as_="owner")
    assert "approved risky what:jump False" in approved.text
    assert (await ask(guarded, "slash")).text == "risky jump done"
    assert "asks to run" in (await ask(guarded, "slash")).text
