"""Binding words to options, by every form that people use."""

from __future__ import annotations

from dataclasses import replace

import hikari
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coreops.commands.arguments import bind
from coreops.commands.leaves import Option
from coreops.commands.prefix import words
from coreops_hookspecs.errors import UsageError

KINDS = hikari.OptionType


def option(name: str, kind: hikari.OptionType = KINDS.STRING, *, required: bool = True, rest: bool = False) -> Option:
    return Option(name=name, description=name, kind=kind, type="text", required=required, rest=rest)


OPTIONS = (
    option("tag"),
    option("count", KINDS.INTEGER, required=False),
    option("force", KINDS.BOOLEAN, required=False),
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("F-IT", {"tag": "F-IT"}),
        ("F-IT 3", {"tag": "F-IT", "count": "3"}),
        ("F-IT 3 yes", {"tag": "F-IT", "count": "3", "force": "yes"}),
        ("--force F-IT", {"tag": "F-IT", "force": "true"}),
        ("F-IT --force", {"tag": "F-IT", "force": "true"}),
        ("F-IT —force", {"tag": "F-IT", "force": "true"}),
        ("--force no F-IT", {"tag": "F-IT", "force": "no"}),
        ("--no-force F-IT", {"tag": "F-IT", "force": "false"}),
        ("--force=off F-IT", {"tag": "F-IT", "force": "off"}),
        ("--count 3 F-IT", {"tag": "F-IT", "count": "3"}),
        ("--COUNT=3 F-IT", {"tag": "F-IT", "count": "3"}),
        ("count:3 F-IT", {"tag": "F-IT", "count": "3"}),
        ("tag=F-IT", {"tag": "F-IT"}),
        ('tag:"F IT"', {"tag": "F IT"}),
        ('"tag:F"', {"tag": "tag:F"}),
        ("https://x.y", {"tag": "https://x.y"}),
        ("-- --force", {"tag": "--force"}),
        ("-5", {"tag": "-5"}),
        ("", {}),
    ],
)
def test_every_form_binds(text: str, expected: dict[str, str]) -> None:
    assert bind(OPTIONS, words(text), text) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("--forse", "Did you mean `--force`"),
        ("--count", "`--count` needs a value"),
        ("a 1 yes b", "`b` is one word too many"),
        ("tag:a tag:b", "`tag` was given twice"),
    ],
)
def test_what_does_not_bind_is_said(text: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        bind(OPTIONS, words(text), text)
    assert message in caught.value.user_message


def test_the_rest_of_the_line_is_taken_as_typed_but_one_quoted_text_loses_its_quotes() -> None:
    options = (option("who"), option("text", rest=True))
    line = 'ann  two  "three" --four '
    assert bind(options, words(line), line) == {"who": "ann", "text": 'two  "three" --four'}
    line = 'ann "two three"'
    assert bind(options, words(line), line) == {"who": "ann", "text": "two three"}


def test_an_option_of_several_words_takes_all_that_are_meant_for_no_other() -> None:
    options = (replace(option("tables"), several=True), option("diff", KINDS.BOOLEAN), option("note"))
    line = 'clans --diff "clan tags" note:x tables'
    assert bind(options, words(line), line) == {"tables": "clans clan tags tables", "diff": "true", "note": "x"}
    line = "tables:clans templates"
    assert bind(options, words(line), line) == {"tables": "clans templates"}


def test_a_file_takes_no_word() -> None:
    options = (option("file", KINDS.ATTACHMENT), option("note", required=False))
    assert bind(options, words("hello"), "hello") == {"note": "hello"}
    with pytest.raises(UsageError, match="is a file"):
        bind(options, words("file:x"), "file:x")


@given(st.text(alphabet="tagcounforce:=-—\"'“” \n", max_size=200))
def test_binding_ends_in_a_mapping_or_a_usage_error(text: str) -> None:
    try:
        names, told = set(bind(OPTIONS, words(text), text)), "bound"
    except UsageError as error:
        names, told = set(), error.user_message
    assert names <= {"tag", "count", "force"}
    assert told
