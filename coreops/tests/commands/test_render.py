"""Answers keep within Discord's limits whatever is put in."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from coreops.commands.render import card, code, listing, plain
from coreops_hookspecs import CardField, Severity

VERSIONS = {"bot": "1.2", "coreops": "0.1.0"}
LINES = st.lists(st.text(min_size=1, max_size=3000), max_size=40)


@given(
    st.text(max_size=6000),
    st.text(max_size=9000) | LINES,
    st.lists(st.tuples(st.text(max_size=400), LINES), max_size=40),
)
def test_a_card_fits_into_one_embed(title: str, text: str | list[str], fields: list[tuple[str, list[str]]]) -> None:
    embed = card(title, text, fields=[CardField(name, lines) for name, lines in fields], versions=VERSIONS)
    assert len(embed.title or "") <= 256
    assert len(embed.description or "") <= 4096
    assert len(embed.fields) <= 25
    assert all(1 <= len(one.name) <= 256 and 1 <= len(one.value) <= 1024 for one in embed.fields)
    parts = [embed.title or "", embed.description or "", embed.footer.text if embed.footer else ""]
    assert sum(map(len, parts)) + sum(len(one.name) + len(one.value) for one in embed.fields) <= 6000
    assert len(plain(embed)) <= 2000


def test_a_card_has_the_look_of_the_runtime() -> None:
    embed = card("Health", "fine", severity=Severity.OK, versions=VERSIONS)
    assert embed.footer is not None
    assert embed.footer.text == "Bot v1.2 · CoreOps v0.1.0"
    assert embed.color != card("Health", "bad", severity=Severity.ERROR, versions=VERSIONS).color


def test_fields_that_do_not_fit_are_counted() -> None:
    embed = card("Many", fields=[CardField(f"f{number}", "x") for number in range(40)], versions=VERSIONS)
    assert len(embed.fields) == 25
    assert embed.fields[-1].name == "… and 16 more"


def test_a_listing_ends_with_how_many_are_left_out() -> None:
    assert listing(["one", "two"], 100) == "one\ntwo"
    assert listing([f"line {number}" for number in range(100)], 60).endswith("… and 94 more")
    assert listing(["x" * 100], 10) == "xxxxxxxxx…"


@given(LINES, st.integers(min_value=1, max_value=500))
def test_a_listing_never_outgrows_its_limit(lines: list[str], limit: int) -> None:
    assert len(listing(lines, limit)) <= limit


def test_text_from_outside_is_shown_as_code() -> None:
    assert code("`**@everyone**`\n# hi") == "`'**@everyone**' # hi`"
    assert len(code("x" * 500)) == 102
