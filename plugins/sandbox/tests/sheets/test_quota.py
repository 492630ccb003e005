"""The quota: reads and writes apart, by account and by project, over a minute that slides."""

from __future__ import annotations

from typing import Any

import pytest

from coreops_sandbox.sheets import QuotaLimits
from coreops_sandbox.sheets.quota import Quota


@pytest.fixture
def limits() -> QuotaLimits:
    return QuotaLimits(reads=3, writes=2, project_reads=4, project_writes=9)


def read(local: Any, session: Any) -> Any:
    return local.ask("GET", "recruitment/values/clans", session)


def test_googles_own_quota_is_the_default() -> None:
    assert QuotaLimits() == QuotaLimits(reads=60, writes=60, project_reads=300, project_writes=300, seconds=60.0)


def test_the_request_beyond_the_quota_is_refused_with_all_that_google_says(local: Any) -> None:
    session = local.session()
    assert [read(local, session).status_code for _ in range(4)] == [200, 200, 200, 429]
    response = read(local, session)
    error = response.json()["error"]
    assert (error["code"], error["status"]) == (429, "RESOURCE_EXHAUSTED")
    assert error["message"].startswith(
        "Quota exceeded for quota metric 'Read requests' and limit 'Read requests per minute per user' "
        "of service 'sheets.googleapis.com' for consumer 'project_number:"
    )
    info, help_ = error["details"]
    assert (info["reason"], info["domain"]) == ("RATE_LIMIT_EXCEEDED", "googleapis.com")
    assert info["metadata"]["quota_limit"] == "ReadRequestsPerMinutePerUser"
    assert info["metadata"]["quota_limit_value"] == "3"
    assert help_["links"][0]["url"].startswith("https://")
    assert "Retry-After" not in response.headers


def test_writes_have_a_quota_of_their_own(local: Any) -> None:
    session = local.session()
    for _ in range(4):
        read(local, session)
    codes = [local.ask("POST", "recruitment/values/clans!Z9:clear", session).status_code for _ in range(3)]
    assert codes == [200, 200, 429]


def test_all_accounts_share_the_quota_of_the_project(local: Any) -> None:
    first, second = local.session(account="first"), local.session(account="second")
    assert [read(local, first).status_code for _ in range(3)] == [200] * 3
    assert [read(local, second).status_code for _ in range(2)] == [200, 429]
    assert "'Read requests per minute'" in read(local, second).json()["error"]["message"]


def test_drive_and_tokens_cost_no_quota(local: Any) -> None:
    client = local.gspread()
    for _ in range(5):
        client.list_spreadsheet_files()
    assert local.do(lambda: local.sandbox.google.quota.used("", "read")) == 0


def test_a_failed_request_costs_and_a_refused_one_does_not(clock: Any) -> None:
    quota = Quota(QuotaLimits(reads=1), clock)
    quota.spend("a", "read")
    for _ in range(3):
        with pytest.raises(Exception, match="Quota exceeded"):
            quota.spend("a", "read")
    assert (quota.used("a", "read"), quota.used("b", "read")) == (1, 0)


def test_a_minute_later_requests_pass_again_one_by_one(local: Any, clock: Any) -> None:
    session = local.session()
    read(local, session)
    clock.now += 30
    read(local, session)
    read(local, session)
    clock.now += 29
    assert read(local, session).status_code == 429
    clock.now += 1
    assert [read(local, session).status_code for _ in range(2)] == [200, 429]
