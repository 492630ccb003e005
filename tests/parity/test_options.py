"""Every option type takes what people write in every way they write it, and is then what a slash command brings."""

from __future__ import annotations

from typing import Any

import pytest

from coreops_sandbox.chat import ChatError
from coreops_sandbox.world.seed import SEED

pytestmark = pytest.mark.asyncio(loop_scope="module")

FORMS = [
    ("string", "two words", ['"two words"', "“two words”", "«two words»", "'two words'", 'value:"two words"']),
    ("string", "words", ["words", "--value words", "--value=words", "value=words", "—value words", "-- words"]),
    ("choice", "h", ['"Hard mode"', "h", "H", '"hard MODE"', "value:“Hard mode”"]),
    ("integer", 7, ["7", "+7", "007", "value:7"]),
    ("integer", -5, ["-5", "value:-5", "--value -5"]),
    ("whole", 2, ["two", "2", "TWO"]),
    ("number", 2.5, ["2.5", "2,5", "+2.50", "--value 2.5"]),
    ("boolean", True, ["yes", "on", "1", "--value", "--value yes", "value:TRUE"]),
    ("boolean", False, ["no", "off", "0", "--no-value", "--value no", "value=false"]),
    ("user", SEED.staff, [f"<@{SEED.staff}>", f"<@!{SEED.staff}>", SEED.staff, "staff", "@staff", "value:staff"]),
    ("role", SEED.lead_role, [f"<@&{SEED.lead_role}>", SEED.lead_role, "lead", "@lead", "--value lead"]),
    ("channel", SEED.general, [f"<#{SEED.general}>", SEED.general, "general", "#general"]),
    ("member", SEED.lead_role, [f"<@&{SEED.lead_role}>", SEED.lead_role]),
    ("member", SEED.staff, [f"<@{SEED.staff}>", SEED.staff]),
]
CASES = [(kind, slash, typed) for kind, slash, forms in FORMS for typed in forms]


@pytest.mark.parametrize(("kind", "slash", "typed"), CASES, ids=[f"{kind}-{typed}" for kind, _, typed in CASES])
async def test_what_is_typed_is_what_the_slash_command_brings(running: Any, kind: str, slash: Any, typed: str) -> None:
    asked = await running.chat.slash(f"kinds {kind}", options={"value": slash}, as_="admin")
    assert asked.text.startswith("given")
    assert (await running.chat.say(f"!kinds {kind} {typed}", as_="admin")).text == asked.text


@pytest.mark.parametrize("rest", ['it\'s  "quoted" --times 4', "a: b = c", "--", "“unclosed", "ends with blanks"])
async def test_the_rest_of_the_line_is_taken_as_it_was_typed(running: Any, rest: str) -> None:
    asked = await running.chat.slash("rest", options={"times": 3, "value": rest}, as_="admin")
    typed = f"-- {rest}" if rest.startswith("--") else rest
    assert (await running.chat.say(f"!rest 3 {typed}  ", as_="admin")).text == asked.text


async def test_a_file_arrives_alike_and_is_asked_for_alike(running: Any) -> None:
    leaf = running.leaves["kinds attachment"]
    given = await running.fill(leaf, leaf.required)
    slash = await running.slash(leaf, given)
    assert "file notes.txt of 2 bytes" in slash
    assert await running.say(leaf, given) == slash
    with pytest.raises(ChatError, match="missing required option 'value'"):
        await running.chat.slash("kinds attachment", as_="admin")
    assert "`value` is missing" in (await running.chat.say("!kinds attachment", as_="admin")).text


async def test_a_thread_is_refused_where_text_channels_are_asked_for(running: Any) -> None:
    thread = await running.chat.open_thread("talk")
    with pytest.raises(ChatError, match="takes types"):
        await running.chat.slash("kinds channel", options={"value": thread}, as_="admin")
    assert (await running.chat.say(f"!kinds channel {thread}", as_="admin")).text.startswith("⚠️")
