"""Partial responses."""

from __future__ import annotations

from typing import Any

import pytest

from coreops_sandbox.sheets.errors import GoogleError
from coreops_sandbox.sheets.fields import fields, mask_of, selected

KNOWN = {"id": {}, "sheets": {"properties": fields("title", "index"), "data": {}}}
BODY: dict[str, Any] = {
    "id": "s",
    "sheets": [{"properties": {"title": "a", "index": 0}}, {"properties": {"title": "b"}}],
}


@pytest.mark.parametrize(
    ("text", "picked"),
    [
        (None, BODY),
        ("*", BODY),
        ("id", {"id": "s"}),
        ("sheets.properties.title", {"sheets": [{"properties": {"title": "a"}}, {"properties": {"title": "b"}}]}),
        ("sheets/properties/index", {"sheets": [{"properties": {"index": 0}}, {"properties": {}}]}),
        ("id,sheets(properties(title,index))", BODY),
        ("id, sheets.properties(title, index)", BODY),
        ("sheets.data", {"sheets": [{}, {}]}),
        ("sheets.properties.title,sheets.properties.index", {"sheets": BODY["sheets"]}),
    ],
)
def test_the_named_fields_are_picked(text: str | None, picked: dict[str, Any]) -> None:
    assert selected(BODY, text, KNOWN) == picked


@pytest.mark.parametrize("text", ["sheets(", "(id)", "id,,sheets", "sheets.", "id)", ",id", "i$d", "sheets(properties"])
def test_a_mask_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(GoogleError, match="Error parsing 'fields' parameter"):
        mask_of(text)


def test_a_field_that_does_not_exist_is_refused_with_its_path() -> None:
    with pytest.raises(GoogleError, match=r"Cannot find matching fields for path 'sheets\.properties\.name'"):
        selected(BODY, "sheets(properties.name)", KNOWN)
