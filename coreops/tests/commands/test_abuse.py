"""Hostile messages: nothing breaks, nothing takes long, nothing pings, nothing disguises itself."""

from __future__ import annotations

import time
from typing import Any

import hikari
import lightbulb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coreops.commands.arguments import bind
from coreops.commands.leaves import Option
from coreops.commands.prefix import addressed, words
from coreops.commands.render import code
from coreops.commands.values import read_value
from coreops_hookspecs import access
from coreops_hookspecs.errors import UsageError
from coreops_sandbox.world.seed import SEED

OPTIONS = (
    Option("count", "", hikari.OptionType.INTEGER, "whole number", required=False, max_value=5),
    Option("loud", "", hikari.OptionType.BOOLEAN, "yes or no", required=False),
    Option("size", "", hikari.OptionType.STRING, "text", required=False, choices=("Big",), values=("b",)),
    Option("text", "", hikari.OptionType.STRING, "text", required=False, rest=True),
)
HOSTILE = st.lists(
    st.sampled_from(["--", "—", "no-", "count", "loud", "text", ":", "=", '"', "'", "“", "”", " ", "<@1>", "@everyone"])
    | st.text(max_size=20),
    max_size=60,
).map(lambda parts: "".join(parts)[:2000])
WORST = [one * 2000 for one in ("'", "«", '" ', 'a="', "--", "x", "‘ ", "“a ", "a=”")]


def parse(content: str) -> None:
    """Take a message as far as its arguments can be read without Discord."""
    said = addressed(content, ("!",), 1)
    if said is None:
        return
    try:
        given = bind(OPTIONS, words(said.text), said.text)
        for option in OPTIONS:
            if option.name in given:
                read_value(option, given[option.name])
    except UsageError as refusal:
        if not 0 < len(refusal.user_message) < 1000:
            pytest.fail(f"an answer of {len(refusal.user_message)} characters")


@settings(max_examples=300)
@given(HOSTILE)
def test_no_message_breaks_the_parser(content: str) -> None:
    parse(f"!{content}"[:2000])
    parse(f"!a{content}"[:2000])


@pytest.mark.parametrize("content", WORST)
def test_no_message_takes_long_to_read(content: str) -> None:
    began = time.perf_counter()
    parse(f"!a {content}"[:2000])
    assert time.perf_counter() - began < 0.5


@given(st.text(max_size=200))
def test_a_quoted_text_stays_on_one_line_within_its_mark_and_its_direction(text: str) -> None:
    quoted = code(text)
    assert quoted.startswith("`")
    assert quoted.endswith("`")
    assert "`" not in quoted[1:-1]
    assert "\n" not in quoted
    assert not any(mark in quoted for mark in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f")


@access.user
class Do(lightbulb.SlashCommand, name="do", description="Do something"):
    number = lightbulb.integer("number", "A number", default=1)

    @lightbulb.invoke
    async def invoke(self, ctx: lightbulb.Context) -> None:
        await ctx.respond(f"did {self.number} @everyone")


@pytest.mark.parametrize(
    "content", ["!do @everyone", "!do <@1090000000000000405>", "!do <@&1090000000000000303>", "!doo @here", "!do"]
)
async def test_no_answer_pings_anybody(bench: Any, content: str) -> None:
    await bench.start(Do)
    replies = (await bench.chat.say(content)).replies
    assert replies
    for reply in replies:
        posted = await bench.gateway.rest.fetch_message(int(SEED.ops), int(reply.id))
        assert not posted.mentions_everyone
        assert not posted.role_mention_ids
        assert set(posted.user_mentions_ids) <= {int(SEED.user)}  # whom the reply is to


@pytest.mark.parametrize("content", ["!dо", "!ｄｏ", "!d\u200bo", "!\u202edo"])
async def test_a_name_that_only_looks_like_a_command_runs_nothing(bench: Any, content: str) -> None:
    await bench.start(Do)
    await bench.brief.say(content)
    assert bench.records == []
