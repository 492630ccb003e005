"""Texts with placeholders: what is refused."""

from __future__ import annotations

import pytest

from coreops_hookspecs.placeholders import only_placeholders

checked = only_placeholders("clans", "full")


@pytest.mark.parametrize("text", ["plain", "{clans} and {full}", "{{braces}}", ""])
def test_a_text_with_known_placeholders_is_taken_as_it_is(text: str) -> None:
    assert checked(text) == text


@pytest.mark.parametrize("text", ["{clan}", "{}", "{clans", "}", "{clans.real}", "{clans:>9}", "{clans!r}", "{0}"])
def test_a_text_with_another_placeholder_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"no placeholders but \{clans\}, \{full\}"):
        checked(text)
