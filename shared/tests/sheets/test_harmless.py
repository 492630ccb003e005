"""Texts in CSV files that no spreadsheet program takes for a formula."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coreops_shared.sheets.harmless import harmless, has_marks, unmarked

texts = st.text(alphabet=st.sampled_from("'=+-@\t1a, ＝"), max_size=6) | st.text()


@given(texts)
def test_what_is_read_is_what_was_written(text: str) -> None:
    written = harmless(text)
    assert unmarked(written) == text
    assert has_marks(written) or written == text


@given(texts)
def test_nothing_but_a_number_begins_as_a_formula_does(text: str) -> None:
    if harmless(text)[:1] in {*"=+-@\t\r\n＝＋－＠"}:
        assert set(text) <= {*"+-.,%"} | {letter for letter in text if letter.isdecimal()}


@pytest.mark.parametrize("number", ["-5", "+5", "-1,234.50", "-0.5%"])
def test_a_number_is_left_alone(number: str) -> None:
    assert harmless(number) == number


def test_what_somebody_typed_as_text_is_read_without_its_mark() -> None:
    assert [unmarked(text) for text in ("'=1+1", "'-5", "'quoted", "it's")] == ["=1+1", "-5", "'quoted", "it's"]
