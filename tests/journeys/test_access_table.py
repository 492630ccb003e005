"""Every command of the first-party plugins × every kind of caller × both surfaces, on a running bot.

Who may run what of ``ops`` is written out here by hand, so that a change of a tier shows in a review; a command of ops
that is not in the table fails the test. What other plugins bring and is not written out here is taken from the live
tree: whoever its declared tier and groups name, and nobody else, by what each kind of caller is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import hikari
import pytest

from coreops_hookspecs import Tier
from coreops_sandbox.chat import Chat
from coreops_sandbox.world.seed import SEED

PEOPLE = ("user", "recruiter", "lead", "staff", "admin", "owner", "administrator")
EVERYBODY = frozenset(PEOPLE)
STAFF = frozenset({"staff", "admin", "owner"})
ADMIN = frozenset({"admin", "owner"})

IS: Mapping[str, tuple[Tier, frozenset[str]]] = {
    "user": (Tier.USER, frozenset()),
    "recruiter": (Tier.USER, frozenset({"recruiter"})),
    "lead": (Tier.USER, frozenset({"lead"})),
    "staff": (Tier.STAFF, frozenset()),
    "admin": (Tier.ADMIN, frozenset()),
    "owner": (Tier.ADMIN, frozenset()),
    "administrator": (Tier.USER, frozenset()),
}
"""What the sandbox's people are; Discord's Administrator counts for nothing unless configured."""

TABLE: Mapping[str, frozenset[str]] = {
    "clan": EVERYBODY,
    "clanmatch": STAFF | {"recruiter", "lead"},
    "clansearch": EVERYBODY,
    "ops audit": ADMIN,
    "ops checksheet": STAFF,
    "ops config": ADMIN,
    "ops digest": STAFF,
    "ops env": ADMIN,
    "ops health": STAFF,
    "ops help": EVERYBODY,
    "ops jobs history": STAFF,
    "ops jobs list": STAFF,
    "ops jobs next": STAFF,
    "ops jobs pause": ADMIN,
    "ops jobs resume": ADMIN,
    "ops jobs run": ADMIN,
    "ops outbox drop": ADMIN,
    "ops outbox list": ADMIN,
    "ops outbox replay": ADMIN,
    "ops ping": EVERYBODY,
    "ops plugins load": ADMIN,
    "ops plugins quarantine": ADMIN,
    "ops plugins reinstate": ADMIN,
    "ops plugins reload": ADMIN,
    "ops plugins show": STAFF,
    "ops plugins unload": ADMIN,
    "ops refresh": STAFF,
    "ops reload": ADMIN,
    "ops status": STAFF,
    "ops sync": ADMIN,
    "ops toggles": STAFF,
    "ops trace": STAFF,
    "ops why": STAFF,
    "report recruiters": STAFF | {"lead"},
    "reservations": STAFF | {"recruiter", "lead"},
    "reserve add": STAFF | {"recruiter", "lead"},
    "reserve extend": STAFF | {"recruiter", "lead"},
    "reserve release": STAFF | {"recruiter", "lead"},
    "welcome": STAFF | {"recruiter", "lead"},
    "welcome-refresh": STAFF,
}
"""Who is let in, in a server. In a direct message nobody is: no first-party command declares it."""

NEEDED: Mapping[str, Mapping[str, str]] = {
    **{f"ops plugins {order}": {"name": "nobody"} for order in ("load", "unload", "reload", "quarantine", "reinstate")},
    "ops refresh": {"bucket": "clans"},
    "ops trace": {"reference": "1f3a9c02"},
    "ops why": {"user": SEED.user, "command": "ops ping"},
}
"""Options without which Discord would not send the slash command."""

VALUES: Mapping[hikari.OptionType, Any] = {
    hikari.OptionType.STRING: "F-IT",
    hikari.OptionType.INTEGER: 1,
    hikari.OptionType.FLOAT: 1.5,
    hikari.OptionType.BOOLEAN: True,
    hikari.OptionType.USER: SEED.user,
    hikari.OptionType.MENTIONABLE: SEED.user,
    hikari.OptionType.ROLE: SEED.staff_role,
    hikari.OptionType.CHANNEL: SEED.ops,
}


def table(bot: Any) -> dict[str, frozenset[str]]:
    """Return who may run each command of the live tree."""
    leaves = bot.running.app.discord.room.tree.leaves()
    found = {
        leaf.name: frozenset(
            person for person, (tier, groups) in IS.items() if tier >= leaf.rule.tier or groups & leaf.rule.groups
        )
        for leaf in leaves
    }
    return found | TABLE


def needed(bot: Any, name: str) -> Mapping[str, Any]:
    """Return the options without which Discord would not send a slash command."""
    leaf = bot.running.app.discord.room.tree.find(tuple(name.split(" ")))
    return NEEDED.get(name) or {
        option.name: option.values[0] if option.values else VALUES[option.kind] for option in leaf.required
    }


async def ask(
    chat: Chat, surface: str, name: str, person: str, channel: str = "ops", options: Mapping[str, Any] | None = None
) -> str:
    """Return the answer; as a message a command is asked for without its arguments, which come after the door."""
    if surface == "slash":
        return (await chat.slash(name, as_=person, channel=channel, options=options or {})).text
    return (await chat.say(f"!{name}", as_=person, channel=channel)).text


def brief(bot: Any) -> Chat:
    """Return a chat that does not wait for second replies."""
    return Chat(bot.sandbox.url, timeout=5.0, settle=0.02)


async def test_each_command_lets_in_exactly_whom_the_table_names(boot: Any) -> None:
    bot = await boot()
    tree = bot.running.app.discord.room.tree
    assert {leaf.name for leaf in tree.leaves() if leaf.plugin == "ops"} <= set(TABLE)
    assert set(TABLE) <= {leaf.name for leaf in tree.leaves()}
    async with brief(bot) as chat:
        for name, allowed in table(bot).items():
            for person in PEOPLE:
                for surface in ("slash", "prefix"):
                    answer = await ask(chat, surface, name, person, options=needed(bot, name))
                    told = f"{person} asks for {name} by {surface}: {answer}"
                    assert answer, told
                    assert answer.startswith("⛔") is (person not in allowed), told


async def test_in_a_direct_message_nobody_is_let_in(boot: Any) -> None:
    bot = await boot()
    async with brief(bot) as chat:
        for name in table(bot):
            for person in ("user", "admin", "owner"):
                answer = await ask(chat, "prefix", name, person, "dm")
                assert "This command can only be used in servers." in answer, f"{person}: {name}"


@pytest.mark.parametrize("surface", ["slash", "prefix"])
async def test_in_a_server_that_is_not_listed_nobody_is_let_in(boot: Any, surface: str) -> None:
    bot = await boot(env={"GUILD_IDS": "1090000000000000999", "COREOPS_SYNC": "global"})
    async with brief(bot) as chat:
        for name in table(bot):
            for person in ("user", "admin", "owner"):
                answer = await ask(chat, surface, name, person, options=needed(bot, name))
                assert "This bot does not serve this server." in answer, f"{person}: {name}"


async def test_without_configured_roles_only_the_owner_is_more_than_a_user(boot: Any) -> None:
    roles = ("ADMIN_ROLE_IDS", "STAFF_ROLE_IDS", "RECRUITER_ROLE_IDS", "LEAD_ROLE_IDS")
    bot = await boot(env=dict.fromkeys(roles, ""))
    async with brief(bot) as chat:
        for name, allowed in table(bot).items():
            for person in ("user", "staff", "admin", "administrator", "owner"):
                answer = await ask(chat, "prefix", name, person)
                open_to_all = allowed == EVERYBODY
                assert answer.startswith("⛔") is not (open_to_all or person == "owner"), f"{person}: {name}: {answer}"
