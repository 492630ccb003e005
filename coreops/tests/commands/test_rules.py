"""The operator's rules about commands: they narrow, never grant, and shut the door when they cannot be read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coreops.commands.access import Caller
from coreops.commands.rule_source import RuleSource
from coreops.commands.rules import read_rules
from coreops_hookspecs import Tier
from coreops_hookspecs.errors import CoreOpsError

ROLE, OTHER, USER, CHANNEL, PARENT, GUILD = (10**17 + number for number in range(6))


def caller(*roles: int, channel: int = CHANNEL, guild: int | None = GUILD) -> Caller:
    return Caller(USER, guild, channel, frozenset(roles), parent_id=PARENT)


@pytest.mark.parametrize(
    ("text", "command", "roles", "passes"),
    [
        ("", "clan", (), True),
        (f"deny role:{ROLE} clan", "clan", (ROLE,), False),
        (f"deny role:{ROLE} clan", "clan", (OTHER,), True),
        (f"deny role:{ROLE} clan", "clans", (ROLE,), True),
        (f"deny role:{GUILD} clan", "clan", (), False),
        (f"deny user:{USER} *", "ops ping", (), False),
        (f"deny channel:{CHANNEL} ops", "ops ping", (), False),
        (f"deny channel:{CHANNEL} ops", "opsy", (), True),
        (f"deny channel:{PARENT} ops ping", "ops ping", (), False),
        (f"deny guild:{GUILD} plugin:demo", "clan", (), False),
        (f"deny guild:{GUILD} plugin:other", "clan", (), True),
        (f"allow role:{ROLE} clan", "clan", (), False),
        (f"allow role:{ROLE} clan", "clan", (ROLE,), True),
        (f"allow role:{ROLE} clan; allow role:{OTHER} clan", "clan", (OTHER,), True),
        (f"allow role:{ROLE} clan\nallow channel:{PARENT} clan", "clan", (ROLE,), True),
        (f"allow role:{ROLE} clan\nallow channel:{OTHER} clan", "clan", (ROLE,), False),
        (f"allow role:{ROLE} *; deny user:{USER} clan", "clan", (ROLE,), False),
        (f"  ALLOW   Role:{ROLE}   Clan ;;", "clan", (ROLE,), True),
    ],
)
def test_rules_refuse_exactly_whom_they_name(text: str, command: str, roles: tuple[int, ...], passes: bool) -> None:
    book = read_rules(text)
    assert not book.problems
    decision = book.decide(command, "demo", caller(*roles), Tier.ADMIN)
    assert (decision is None) is passes
    assert decision is None or (decision.reason.endswith(".") and str(10**17)[:10] in decision.rule)


@pytest.mark.parametrize(
    "text",
    [
        "permit role:100000000000000000 clan",
        "deny roles:100000000000000000 clan",
        "deny role:staff clan",
        "deny role:١٠٠٠٠٠٠٠٠٠٠٠٠٠٠٠٠٠ clan",
        "deny role:100000000000000000",
        "deny role:100000000000000000 a b c d",
        "deny",
        "=HYPERLINK()",
    ],
)
def test_a_rule_that_cannot_be_read_shuts_every_command_but_for_admins(text: str) -> None:
    book = read_rules(f"deny role:{ROLE} clan\n{text}")
    (problem,) = book.problems
    assert problem.startswith('COMMAND_RULES: "')
    assert book.decide("ops ping", "ops", caller(), Tier.STAFF) is not None
    assert book.decide("ops ping", "ops", caller(), Tier.ADMIN) is None


@given(st.text(max_size=500))
def test_no_text_raises(text: str) -> None:
    book = read_rules(text)
    book.decide("ops ping", "ops", caller(), Tier.USER)
    assert all(len(problem) < 300 for problem in book.problems)


class Kept:
    """A store of one value, or of none because the disk is broken."""

    def __init__(self, value: str | None = None, *, broken: bool = False) -> None:
        self.value = value
        self.broken = broken

    async def kv_get(self, plugin: str, key: str) -> str | None:
        self._check()
        return self.value

    async def kv_set(self, plugin: str, key: str, value: str) -> None:
        self._check()
        self.value = value

    def _check(self) -> None:
        if self.broken:
            raise CoreOpsError("the disk is full")


async def test_an_outage_at_the_start_keeps_the_rules_of_the_last_run() -> None:
    kept = Kept()
    before = RuleSource(lambda: f"deny role:{ROLE} clan", lambda: True, kept)
    await before.recall()
    await before.keep()
    after = RuleSource(lambda: "", lambda: False, kept)
    await after.recall()
    await after.keep()
    assert kept.value == f"deny role:{ROLE} clan"
    assert after().decide("clan", "demo", caller(ROLE), Tier.STAFF) is not None
    assert after().decide("clan", "demo", caller(), Tier.USER) is None


@pytest.mark.parametrize("kept", [Kept(), Kept("", broken=True)])
async def test_rules_that_nobody_knows_let_admins_in_alone(kept: Kept) -> None:
    source = RuleSource(lambda: "", lambda: False, kept)
    await source.recall()
    await source.keep()
    assert source().decide("clan", "demo", caller(), Tier.STAFF) is not None
    assert source().decide("clan", "demo", caller(), Tier.ADMIN) is None


def test_a_reload_is_seen_at_once() -> None:
    texts = [""]
    source = RuleSource(lambda: texts[0], lambda: True, Kept())
    assert source().decide("clan", "demo", caller(), Tier.USER) is None
    texts[0] = f"deny user:{USER} clan"
    assert source().decide("clan", "demo", caller(), Tier.USER) is not None
