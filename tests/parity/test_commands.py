"""Every command of every plugin is the same command as a message and as a slash command."""

from __future__ import annotations

import re
from typing import Any

import hikari
import pytest

from coreops.commands.leaves import Leaf
from coreops_hookspecs import Tier
from coreops_sandbox.chat import ChatError

pytestmark = pytest.mark.asyncio(loop_scope="module")

KIND = hikari.OptionType
NUMBERS = (KIND.INTEGER, KIND.FLOAT)
REFERENCE = re.compile(r"`[0-9a-f]{8}`")


def alike(text: str) -> str:
    """Return an answer without its reference and its usage, which differ on purpose."""
    return "\n".join(line for line in REFERENCE.sub("", text).split("\n") if not line.startswith("Usage"))


async def listed(running: Any, leaf: Leaf) -> dict[str, Any]:
    """Return what Discord was told of a command."""
    (below,) = [one for one in (await running.chat.state())["commands"] if one["name"] == leaf.path[0]]
    for name in leaf.path[1:]:
        (below,) = [one for one in below["options"] if one["name"] == name]
    return dict(below)


async def test_discord_lists_the_options_that_messages_are_read_by(running: Any, name: str) -> None:
    leaf = running.leaves[name]
    found = await listed(running, leaf)
    assert found["description"] == leaf.description
    assert [one["name"] for one in found.get("options", ())] == [one.name for one in leaf.options]
    for theirs, ours in zip(found.get("options", ()), leaf.options, strict=True):
        assert theirs["type"] == ours.kind
        assert theirs.get("required", False) is ours.required
        choices = tuple((one["name"], one["value"]) for one in theirs.get("choices") or ())
        assert choices == tuple(zip(ours.choices, ours.values, strict=True))
        bounds = tuple(theirs.get(key) for key in ("min_value", "max_value", "min_length", "max_length"))
        assert bounds == (ours.min_value, ours.max_value, ours.min_length, ours.max_length)
        assert frozenset(theirs.get("channel_types") or ()) == ours.channel_types
        assert theirs.get("autocomplete", False) is running.autocompletes(leaf, ours)


async def test_defaults_arrive_alike_where_only_what_must_be_given_is(running: Any, name: str) -> None:
    leaf = running.leaves[name]
    given = await running.fill(leaf, leaf.required)
    slash = await running.slash(leaf, given, "owner")
    assert slash.startswith("given")
    assert await running.say(leaf, given) == slash


@pytest.mark.parametrize("form", ["position", "flag", "key"])
async def test_every_option_arrives_alike_in_every_form(running: Any, name: str, form: str) -> None:
    leaf = running.leaves[name]
    given = await running.fill(leaf, leaf.options)
    slash = await running.slash(leaf, given)
    assert slash.startswith("given")
    assert await running.say(leaf, given, form) == slash


async def test_what_does_not_fit_reaches_the_handler_on_neither_surface(running: Any, name: str) -> None:
    leaf = running.leaves[name]
    given = await running.fill(leaf, leaf.required)
    for option in leaf.options:
        for wrong in wrong_values(option):
            bad = type(given)({**given.texts, option.name: wrong}, given.files)
            with pytest.raises(ChatError):  # as Discord's own client does
                await running.slash(leaf, bad)
            answer = await running.say(leaf, bad, "key")
            assert answer.startswith("⚠️"), f"{option.name} {wrong!r}: {answer}"
            assert f"Usage: `!{leaf.said}" in answer


def wrong_values(option: Any) -> list[str]:
    """Return texts that do not fit an option."""
    if option.choices:
        return ["no such choice"]
    wrong = ["many"] if option.kind in (*NUMBERS, KIND.BOOLEAN, KIND.USER, KIND.ROLE, KIND.CHANNEL) else []
    if option.min_value is not None:
        wrong.append(f"{option.min_value - 1:g}")
    if option.max_value is not None:
        wrong.append(f"{option.max_value + 1:g}")
    if option.min_length:
        wrong.append("x" * (option.min_length - 1))
    if option.max_length is not None:
        wrong.append("x" * (option.max_length + 1))
    return wrong


async def test_whoever_may_not_run_it_is_told_the_same(running: Any, name: str) -> None:
    leaf = running.leaves[name]
    given = await running.fill(leaf, leaf.required)
    slash, said = await running.slash(leaf, given, "user"), await running.say(leaf, given, as_="user")
    assert slash.startswith("⛔") is (leaf.rule.tier > Tier.USER)
    assert alike(said) == alike(slash)


async def test_a_cooldown_counts_the_runs_of_both_surfaces_and_tells_both_the_same(running: Any, limited: str) -> None:
    leaf = running.leaves[limited]
    given = await running.fill(leaf, leaf.required)
    for number in range(leaf.cooldown.uses):
        ask = running.say if number % 2 else running.slash
        assert (await ask(leaf, given)).startswith("given")
    slash, said = await running.slash(leaf, given), await running.say(leaf, given)
    assert slash.startswith("⏳")
    assert alike(said) == alike(slash)
