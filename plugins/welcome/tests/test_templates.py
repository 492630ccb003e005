"""The texts of welcomes: what is refused when the tab is read."""

from __future__ import annotations

import pytest

from coreops_welcome.templates import with_known_placeholders


@pytest.mark.parametrize("text", ["plain", "{member} joins {clan} [{tag}]: {leader}, {note}", "{{braces}}", ""])
def test_a_text_with_known_placeholders_is_taken_as_it_is(text: str) -> None:
    assert with_known_placeholders(text) == text


@pytest.mark.parametrize("text", ["{name}", "{}", "{clan", "}", "{clan.real}", "{clan:>9}", "{clan!r}", "{0}"])
def test_a_text_with_another_placeholder_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="member"):
        with_known_placeholders(text)
