"""A long answer is divided without losing a line, and every page keeps within Discord's limits."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from coreops.commands.pages import NARROW, WIDE, divide, written_out
from coreops.commands.render import card, plain
from coreops_hookspecs import CardField

VERSIONS = {"bot": "1.2", "coreops": "0.1.0"}
WORDS = st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), min_size=1, max_size=200)
LINES = st.lists(WORDS, max_size=60)
ANY = st.text(max_size=40) | st.text(min_size=900, max_size=3000)
BODIES = ANY | st.lists(ANY, max_size=12)


@given(LINES, st.lists(st.tuples(WORDS, LINES), max_size=40))
def test_no_line_is_lost_and_every_page_is_one_embed(text: list[str], fields: list[tuple[str, list[str]]]) -> None:
    pages = divide(text, [CardField(name, lines) for name, lines in fields])
    shown = [line for page in pages for line in page.text]
    assert shown == text
    parts = [line for page in pages for field in page.fields for line in field.text]
    assert parts == [line for _, lines in fields for line in lines]
    for page in pages:
        embed = card("t" * 256, page.text, fields=page.fields, versions=VERSIONS, reference="1f3a9c02", place="Page 1")
        assert len(embed.fields) == len(page.fields) <= 25
        assert not any("more" in field.name for field in embed.fields if "more" not in str(fields))
        sizes = [len(embed.title or ""), len(embed.description or ""), len(embed.footer.text or "")]  # type: ignore[union-attr]
        assert sum(sizes) + sum(len(one.name) + len(one.value) for one in embed.fields) <= 6000


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=400), BODIES, st.lists(st.tuples(st.text(max_size=400), BODIES), max_size=30))
def test_a_card_cuts_nothing_of_a_page_whatever_is_put_in(title: str, text: Any, fields: list[tuple[str, Any]]) -> None:
    for page in divide(text, [CardField(name, body) for name, body in fields]):
        embed = card(title, page.text, fields=page.fields, versions=VERSIONS, reference="1f3a9c02", place="Page 10")
        sizes = [len(embed.title or ""), len(embed.description or ""), len(embed.footer.text or "")]  # type: ignore[union-attr]
        assert sizes[0] <= 256
        assert sizes[1] <= 4096
        assert len(embed.fields) <= 25
        assert all(1 <= len(one.name) <= 256 and 1 <= len(one.value) <= 1024 for one in embed.fields)
        assert sum(sizes) + sum(len(one.name) + len(one.value) for one in embed.fields) <= 6000
        assert (embed.description or "") == "\n".join(page.text)
        assert [one.value for one in embed.fields] == ["\n".join(one.text) or "\u200b" for one in page.fields]


@given(LINES)
def test_a_narrow_page_is_whole_as_a_plain_message(text: list[str]) -> None:
    for page in divide(text, room=NARROW):
        shown = plain(card("Title", page.text, versions=VERSIONS))
        assert len(shown) <= 2000
        assert "\n".join(page.text) in shown


def test_a_short_answer_is_one_page() -> None:
    assert len(divide("short", [CardField("a", "b")])) == 1
    assert len(divide("")) == 1


def test_a_field_that_goes_on_is_marked() -> None:
    (page,) = divide([], [CardField("Long", ["x" * 400] * 4)], WIDE)
    assert [field.name for field in page.fields] == ["Long", "…"]


def test_the_file_holds_everything() -> None:
    text = written_out("Title", "a\nb", [CardField("F", ["c", "d"]), CardField("G", "e")])
    assert text == "Title\n\na\nb\n\nF\nc\nd\n\nG\ne\n"
