"""Whatever is sent, Google's answer is one of Google's: no body and no parameter makes the sandbox stumble."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coreops_sandbox.sheets import QuotaLimits

WORDS = st.sampled_from(
    [
        "range", "ranges", "values", "data", "majorDimension", "valueInputOption", "requests", "addSheet", "properties",
        "updateSheetProperties", "fields", "gridProperties", "rowCount", "appendCells", "rows", "insertDimension",
        "RAW", "USER_ENTERED", "COLUMNS", "clans!A1", "clans", "title", "*", "sheetId", "dimension", "ROWS", "=A1",
    ]
)  # fmt: skip
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-5, 10**20)
    | st.floats(allow_nan=False, allow_infinity=False)
    | WORDS
    | st.text(max_size=5)
)
ANYTHING = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3), max_leaves=12
)
BODIES = st.dictionaries(WORDS, ANYTHING, max_size=4)
SLOW = (HealthCheck.function_scoped_fixture, HealthCheck.too_slow)


@pytest.fixture
def limits() -> QuotaLimits:
    return QuotaLimits(*[100_000] * 4)


@pytest.fixture
def session(local: Any) -> Iterator[Any]:
    yield local.session()
    assert local.ask("GET", "recruitment").status_code == 200


@settings(max_examples=150, deadline=None, suppress_health_check=SLOW)
@given(
    where=st.sampled_from(
        [
            ("PUT", "/values/clans!A1"),
            ("POST", "/values/clans:append"),
            ("POST", "/values:batchUpdate"),
            ("POST", "/values:batchClear"),
            ("POST", ":batchUpdate"),
        ]
    ),
    body=BODIES,
    query=st.dictionaries(WORDS, WORDS, max_size=2),
)
def test_any_body_is_answered(local: Any, session: Any, where: tuple[str, str], body: Any, query: Any) -> None:
    method, path = where
    response = local.ask(method, f"recruitment{path}", session, json=body, params=query)
    assert response.status_code in {200, 400, 501}, response.text
    assert response.json() or "fields" in query


@settings(max_examples=100, deadline=None, suppress_health_check=SLOW)
@given(
    path=st.sampled_from(["", "/values:batchGet", "/values/clans"]) | st.text(max_size=12).map(lambda text: "/" + text),
    query=st.dictionaries(
        WORDS | st.sampled_from(["valueRenderOption", "prettyPrint", "includeGridData"]), WORDS | st.text(max_size=8)
    ),
)
def test_any_query_is_answered(local: Any, session: Any, path: str, query: dict[str, str]) -> None:
    response = local.ask("GET", f"recruitment{path}", session, params=query)
    assert response.status_code in {200, 400, 404, 501}, response.text
