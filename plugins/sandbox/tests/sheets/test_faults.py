"""Each fault as requests and gspread meet it, and what comes after it."""

from __future__ import annotations

import threading
import time
from typing import Any

import gspread
import pytest
import requests


def read(local: Any, session: Any = None) -> requests.Response:
    response: requests.Response = local.ask("GET", "recruitment/values/clans", session, timeout=(5, 5))
    return response


@pytest.mark.parametrize(
    ("name", "params", "code", "status"),
    [
        ("sheets.error", {"status": 503}, 503, "UNAVAILABLE"),
        ("sheets.error", {}, 500, "INTERNAL"),
        ("sheets.rate_limit", {}, 429, "RESOURCE_EXHAUSTED"),
        ("sheets.permission_lost", {}, 403, "PERMISSION_DENIED"),
    ],
)
def test_a_refusal_comes_in_googles_words_and_passes(
    local: Any, name: str, params: dict[str, Any], code: int, status: str
) -> None:
    session = local.session()
    read(local, session)
    fault = local.do(lambda: local.sandbox.faults.add(name, params, match="GET /v4/*", count=2))
    for _ in range(2):
        response = read(local, session)
        assert (response.status_code, response.json()["error"]["status"]) == (code, status)
    assert read(local, session).status_code == 200
    assert fault.hits == 2


def test_a_429_says_how_long_to_wait_if_told_so(local: Any) -> None:
    session = local.session()
    read(local, session)
    local.do(lambda: local.sandbox.faults.add("sheets.rate_limit", {"retry_after": 7}, count=1))
    assert read(local, session).headers["Retry-After"] == "7"
    local.do(lambda: local.sandbox.faults.add("sheets.rate_limit", count=1))
    assert "Retry-After" not in read(local, session).headers


def test_an_html_page_reaches_gspread_as_an_error_without_json(local: Any, clans: gspread.Worksheet) -> None:
    local.do(lambda: local.sandbox.faults.add("sheets.html", {"status": 502}, count=1))
    with pytest.raises(gspread.exceptions.APIError, match="<html>"):
        clans.get_values()
    assert clans.get_values()[0][0] == "clan_tag"


def test_a_body_that_breaks_off_is_noticed(local: Any) -> None:
    session = local.session()
    read(local, session)
    local.do(lambda: local.sandbox.faults.add("sheets.truncated", count=1))
    with pytest.raises(requests.exceptions.ChunkedEncodingError, match="IncompleteRead"):
        read(local, session)
    assert read(local, session).json()["values"][0][0] == "clan_tag"


def test_a_reset_connection_is_noticed(local: Any) -> None:
    session = local.session()
    read(local, session)
    local.do(lambda: local.sandbox.faults.add("sheets.reset", count=1))
    with pytest.raises(requests.ConnectionError):
        read(local, session)
    assert read(local, session).status_code == 200


def test_a_write_whose_answer_is_lost_was_done(local: Any, clans: gspread.Worksheet) -> None:
    local.do(lambda: local.sandbox.faults.add("sheets.reset", {"after": True}, match="PUT *", count=1))
    with pytest.raises(requests.ConnectionError):
        clans.update_acell("A2", "NEW")
    assert clans.acell("A2").value == "NEW"


def test_a_hang_lasts_until_the_fault_ends(local: Any) -> None:
    session = local.session()
    read(local, session)
    fault = local.do(lambda: local.sandbox.faults.add("sheets.hang"))
    with pytest.raises(requests.exceptions.ReadTimeout):
        local.ask("GET", "recruitment", session, timeout=(5, 0.2))
    done = threading.Event()

    def wait_for_the_end() -> None:
        with pytest.raises(requests.ConnectionError):
            read(local, session)
        done.set()

    waiting = threading.Thread(target=wait_for_the_end)
    waiting.start()
    deadline = time.monotonic() + 5
    while fault.hits < 2 and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not done.is_set()
    local.do(local.sandbox.faults.clear)
    assert done.wait(5)
    waiting.join(5)
    assert read(local, session).status_code == 200


def test_latency_delays_and_then_answers(local: Any) -> None:
    session = local.session()
    read(local, session)
    local.do(lambda: local.sandbox.faults.add("sheets.latency", {"ms": 300}, count=1))
    started = time.monotonic()
    assert read(local, session).status_code == 200
    assert time.monotonic() - started >= 0.3


def test_an_expired_token_is_renewed_and_one_that_stays_expired_is_an_error(local: Any) -> None:
    session = local.session()
    read(local, session)
    first = session.credentials.token
    local.do(lambda: local.sandbox.faults.add("sheets.token_expired", count=1))
    assert read(local, session).status_code == 200
    assert session.credentials.token != first
    local.do(lambda: local.sandbox.faults.add("sheets.token_expired"))
    assert read(local, session).status_code == 401
    local.do(local.sandbox.faults.clear)
    assert read(local, session).status_code == 200


def test_a_lost_permission_leaves_the_token_endpoint_alone(local: Any) -> None:
    local.do(lambda: local.sandbox.faults.add("sheets.permission_lost"))
    with pytest.raises(PermissionError):
        local.gspread().open_by_key("recruitment")


def test_the_token_endpoint_can_fail_alone(local: Any) -> None:
    session = local.session()
    read(local, session)
    local.do(lambda: local.sandbox.faults.add("sheets.error", {"status": 503}, match="POST /token"))
    assert read(local, session).status_code == 200
    answer = requests.post(f"{local.sandbox.google_url}/token", timeout=5)
    assert answer.status_code == 503


def test_discord_goes_on_while_google_fails(local: Any) -> None:
    local.do(lambda: local.sandbox.faults.add("sheets.error"))
    assert requests.get(f"{local.sandbox.rest_url}/gateway", timeout=5).status_code == 200
    local.do(lambda: local.sandbox.faults.add("rest.error"))
    local.do(lambda: local.sandbox.faults.remove("f1"))
    assert read(local).status_code == 200
