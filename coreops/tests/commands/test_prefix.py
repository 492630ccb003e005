"""Reading messages: is it for us, and what are its words."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coreops.commands.prefix import addressed, words

ME = 1090000000000000001


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("!ops health", "ops health"),
        ("?ops", "ops"),
        ("core.ops", "ops"),
        (f"<@{ME}> ops ping", "ops ping"),
        (f"<@!{ME}>ops", "ops"),
        (f"<@{ME}>", ""),
        ("! ops", None),
        ("!", None),
        ("!!ops", None),
        ("ops", None),
        (" !ops", None),
        ("!?ops", None),
        ("<@42> ops", None),
        ("", None),
    ],
)
def test_a_message_is_ours_when_a_word_follows_a_prefix_or_it_begins_with_our_mention(
    content: str, expected: str | None
) -> None:
    said = addressed(content, ("core.", "!", "?"), ME)
    assert (None if said is None else said.text) == expected


def test_a_mention_is_not_ours_before_we_know_who_we_are() -> None:
    assert addressed(f"<@{ME}> ops", ("!",), None) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a b  c", ["a", "b", "c"]),
        ('a "b c" d', ["a", "b c", "d"]),
        ("“b c” „d e“ «f g» ‘h i’", ["b c", "d e", "f g", "h i"]),
        ('tag:"a b" --x="c d"', ["tag:a b", "--x=c d"]),
        ("it's the dogs' bed", ["it's", "the", "dogs'", "bed"]),
        ('an "open quote', ["an", '"open', "quote"]),
        ('say "" now', ["say", "", "now"]),
        ('5" and 6"', ['5"', "and", '6"']),
        ("\n tab\there \n", ["tab", "here"]),
    ],
)
def test_words_are_split_as_people_type_them(text: str, expected: list[str]) -> None:
    assert [word.text for word in words(text)] == expected


def test_a_word_knows_where_it_began_and_whether_it_was_quoted() -> None:
    first, second = words('ab "c d"')
    assert (first.start, first.quoted, second.start, second.quoted) == (0, False, 3, True)


@given(st.text(max_size=2000))
def test_no_text_breaks_the_reader(text: str) -> None:
    addressed(text, ("!",), ME)
    for word in words(text):
        assert 0 <= word.start < len(text)


@given(st.text(alphabet="\"'“”„«»‘’ :=!-—a", max_size=300))
def test_no_quoting_breaks_the_reader(text: str) -> None:
    found = words(text)
    starts = [word.start for word in found]
    assert starts == sorted(set(starts))


@pytest.mark.parametrize("piece", ['"', '="', '" ', 'a="b', "'a ", "“”", ' "a'])
def test_reading_the_longest_message_takes_no_time(piece: str) -> None:
    text = (piece * 4000)[:4000]
    began = time.thread_time()  # our own time only: what else the machine does is not the reader's
    words(text)
    assert time.thread_time() - began < 1.0
