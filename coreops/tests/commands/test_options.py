"""Every option type arrives the same from both surfaces."""

from __future__ import annotations

from typing import Any

import hikari
import lightbulb
import pytest

from coreops_hookspecs import Command, access
from coreops_sandbox.world.seed import SEED


def show(value: Any) -> str:
    if isinstance(value, hikari.Member):
        return f"member {value.id}"
    if isinstance(value, hikari.Role | hikari.PartialChannel | hikari.User):
        return f"{type(value).__name__} {value.id}"
    if isinstance(value, hikari.Attachment):
        return f"file {value.filename}"
    return repr(value)


def command(name: str, option: Any, extra: Any = None) -> type[lightbulb.SlashCommand]:
    @access.user
    class Made(lightbulb.SlashCommand, name=name, description="Show a value"):
        value = option
        more = extra if extra is not None else lightbulb.string("more", "More", default=None)

        @lightbulb.invoke
        async def invoke(self, ctx: lightbulb.Context) -> None:
            more = "" if self.more is None else f" + {self.more!r}"
            await ctx.respond(f"{show(self.value)}{more}")

    return Made


CASES = [
    ("text", lightbulb.string("value", "A text"), "hello", "hello", "'hello'"),
    ("quoted", lightbulb.string("value", "A text"), "two words", '"two words"', "'two words'"),
    ("curly", lightbulb.string("value", "A text"), "two words", "“two words”", "'two words'"),
    ("keyed", lightbulb.string("value", "A text"), "x", "value:x", "'x'"),
    ("keyedquote", lightbulb.string("value", "A text"), "x y", 'value:"x y"', "'x y'"),
    ("flagged", lightbulb.string("value", "A text"), "x", "--value x", "'x'"),
    ("whole", lightbulb.integer("value", "A number", min_value=1, max_value=9), 7, "7", "7"),
    ("number", lightbulb.number("value", "A number"), 2.5, "2.5", "2.5"),
    ("yes", lightbulb.boolean("value", "A flag"), True, "--value", "True"),
    ("no", lightbulb.boolean("value", "A flag"), False, "--no-value", "False"),
    (
        "pick",
        lightbulb.string("value", "One of", choices=[lightbulb.Choice("Hard mode", "hard")]),
        "hard",
        '"hard MODE"',
        "'hard'",
    ),
    ("member", lightbulb.user("value", "Who"), SEED.staff, f"<@{SEED.staff}>", f"member {SEED.staff}"),
    ("memberid", lightbulb.user("value", "Who"), SEED.staff, SEED.staff, f"member {SEED.staff}"),
    ("membername", lightbulb.user("value", "Who"), SEED.staff, "staff", f"member {SEED.staff}"),
    ("role", lightbulb.role("value", "Which"), SEED.lead_role, f"<@&{SEED.lead_role}>", f"Role {SEED.lead_role}"),
    ("roleid", lightbulb.role("value", "Which"), SEED.lead_role, SEED.lead_role, f"Role {SEED.lead_role}"),
    (
        "channel",
        lightbulb.channel("value", "Where"),
        SEED.general,
        f"<#{SEED.general}>",
        f"InteractionChannel {SEED.general}",
    ),
    (
        "channelname",
        lightbulb.channel("value", "Where"),
        SEED.general,
        "#general",
        f"InteractionChannel {SEED.general}",
    ),
]


@pytest.mark.parametrize(("name", "option", "slash", "typed", "expected"), CASES, ids=[case[0] for case in CASES])
async def test_a_value_is_the_same_on_both_surfaces(
    bench: Any, name: str, option: Any, slash: Any, typed: str, expected: str
) -> None:
    await bench.start(command(name, option))
    assert (await bench.chat.slash(name, options={"value": slash})).text == expected
    assert (await bench.chat.say(f"!{name} {typed}")).text == expected


async def test_a_mentionable_is_an_id_on_both_surfaces(bench: Any) -> None:
    await bench.start(command("who", lightbulb.mentionable("value", "Who")))
    for id_, mention in ((SEED.staff, f"<@{SEED.staff}>"), (SEED.lead_role, f"<@&{SEED.lead_role}>")):
        assert (await bench.chat.slash("who", options={"value": id_})).text == id_
        assert (await bench.chat.say(f"!who {mention}")).text == id_


async def test_a_file_is_taken_from_the_message(bench: Any) -> None:
    await bench.start(command("file", lightbulb.attachment("value", "A file")))
    assert (await bench.chat.say("!file", files={"notes.txt": b"hi"})).text == "file notes.txt"
    missing = await bench.chat.say("!file")
    assert "`value` is missing" in missing.text
    assert "attach a file" in missing.text


async def test_the_rest_option_takes_the_line_as_it_was_typed(bench: Any) -> None:
    made = command("say", lightbulb.integer("value", "How often"), lightbulb.string("more", "What"))
    await bench.start(Command(made, rest="more"))
    typed = 'it\'s  "quoted" --more x'
    assert (await bench.chat.say(f"!say 3 {typed}")).text == f"3 + {typed!r}"
    assert (await bench.chat.slash("say", options={"value": 3, "more": "it's"})).text == '3 + "it\'s"'


async def test_a_default_stands_where_nothing_was_given(bench: Any) -> None:
    await bench.start(command("some", lightbulb.integer("value", "A number", default=5)))
    assert (await bench.chat.slash("some")).text == "5"
    assert (await bench.chat.say("!some")).text == "5"


WRONG = [
    ("whole", lightbulb.integer("value", "A number", min_value=1, max_value=9), "12", "between 1 and 9"),
    ("whole", lightbulb.integer("value", "A number"), "many", "a whole number"),
    ("short", lightbulb.string("value", "A text", max_length=3), "hello", "at most 3 characters"),
    ("pick", lightbulb.string("value", "X", choices=[lightbulb.Choice("hard", "h")]), "hrad", "did you mean `hard`"),
    ("who", lightbulb.user("value", "Who"), "nobody-of-that-name", "I know no member"),
    ("who", lightbulb.user("value", "Who"), "123456789012345678", "I know no member"),
    ("where", lightbulb.channel("value", "Where"), "#generel", "Did you mean `general`"),
    ("which", lightbulb.role("value", "Which"), "nothing", "I know no role"),
    ("many", lightbulb.string("value", "A text"), "a b c", "one word too many"),
    ("flag", lightbulb.string("value", "A text"), "--valeu x", "Did you mean `--value`"),
    ("none", lightbulb.string("value", "A text"), "", "`value` is missing"),
]


@pytest.mark.parametrize(("name", "option", "typed", "expected"), WRONG, ids=[f"{one[0]}-{one[2]}" for one in WRONG])
async def test_a_wrong_argument_is_answered_with_what_fits_and_the_usage(
    bench: Any, name: str, option: Any, typed: str, expected: str
) -> None:
    await bench.start(command(name, option))
    answer = await bench.chat.say(f"!{name} {typed}")
    assert expected in answer.text
    assert f"Usage: `!{name} <" in answer.text
    assert bench.records[-1].outcome == "usage"
    assert not bench.faults
