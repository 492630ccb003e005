"""The backend, gspread and google-auth as they are, against the sandbox's Google; nothing leaves the machine."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import requests
from google.auth.transport.requests import AuthorizedSession
from google.oauth2.service_account import Credentials

from coreops_hookspecs import SheetsBackend
from coreops_hookspecs.errors import (
    SheetsAuthError,
    SheetsError,
    SheetsNotFoundError,
    SheetsPermissionError,
    SheetsQuotaError,
    SheetsUnavailableError,
)
from coreops_sandbox.server import Sandbox
from coreops_shared import trace
from coreops_shared.clock import ManualClock
from coreops_shared.config.settings import Settings, load
from coreops_shared.redact import Secret
from coreops_shared.sheets.async_facade import SheetsCall, SheetsFacade
from coreops_shared.sheets.backends import backend_of, governor_of
from coreops_shared.sheets.google import GoogleSheets
from coreops_shared.sheets.google.elsewhere import elsewhere
from coreops_shared.sheets.pieces import text_of

IDS = [["id", "note", "level"], ["0082501234567890123", "", "1"], ["825012345678901234", "x", "007"]]


@dataclass
class Asked:
    """Hosts that were looked up or connected to."""

    hosts: set[str] = field(default_factory=set)

    def others(self) -> set[str]:
        return {host for host in self.hosts if host not in {"127.0.0.1", "::1", "localhost"}}


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    """Record every host asked for in this process, and refuse those that are not this machine."""
    asked = Asked()
    look_up, connect = socket.getaddrinfo, socket.socket.connect

    def recorded(host: Any) -> None:
        asked.hosts.add(str(host))
        if str(host) in asked.others():
            raise socket.gaierror(socket.EAI_FAIL, f"{host} is not this machine")

    def getaddrinfo(host: Any, *args: Any, **options: Any) -> Any:
        recorded(host)
        return look_up(host, *args, **options)

    def connect_to(self: socket.socket, address: Any) -> None:
        if self.family in {socket.AF_INET, socket.AF_INET6}:
            recorded(address[0])
        connect(self, address)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    monkeypatch.setattr(socket.socket, "connect", connect_to)
    return asked


def settings(sandbox: Sandbox) -> Settings:
    """Those of a process that is led to the sandbox."""
    return load(
        {
            "DISCORD_TOKEN": "t",
            "GSPREAD_CREDENTIALS": sandbox.google_credentials(),
            "COREOPS_GOOGLE_API_URL": sandbox.google_url,
        }
    )


@pytest.fixture
async def google(sandbox: Sandbox) -> AsyncIterator[SheetsBackend]:
    """What the settings of a sandboxed process make, with a spreadsheet of one tab."""
    sandbox.google.spreadsheets.create("s").add_tab("people")
    backend = backend_of(settings(sandbox), writable=True)
    await asyncio.to_thread(backend.append, "s", "people", IDS)
    yield backend
    await asyncio.to_thread(backend.close)


async def rows(backend: SheetsBackend) -> list[list[str]]:
    (table,) = await asyncio.to_thread(backend.read_many, "s", ["people"])
    return [list(row) for row in text_of(table).rows]


async def background_threads() -> None:
    """Wait for threads that google-auth may have started."""
    for thread in threading.enumerate():
        if "RegionalAccessBoundary" in type(thread).__name__:
            await asyncio.to_thread(thread.join, 10)


async def test_what_is_written_is_read_back_to_the_last_digit(google: SheetsBackend) -> None:
    assert isinstance(google, GoogleSheets)
    assert await rows(google) == IDS
    assert await asyncio.to_thread(google.modified_at, "s") is not None


async def test_no_request_leaves_the_machine(asked: Asked, sandbox: Sandbox, google: SheetsBackend) -> None:
    await rows(google)
    await asyncio.to_thread(google.tabs, "s")
    await asyncio.to_thread(google.modified_at, "s")
    sandbox.google.accounts.revoke_tokens()  # a second token would be a second occasion
    await rows(google)
    await background_threads()
    assert asked.hosts == {"127.0.0.1"}


async def test_google_auths_own_transport_would_ask_a_third_host(asked: Asked, sandbox: Sandbox) -> None:
    info = json.loads(sandbox.google_credentials())
    scopes = ["https://www.googleapis.com/auth/spreadsheets"]

    def ask() -> int:
        with AuthorizedSession(Credentials.from_service_account_info(info, scopes=scopes)) as session:
            return int(session.get(f"{sandbox.google_url}/v4/spreadsheets/recruitment").status_code)

    assert await asyncio.to_thread(ask) == 200
    await background_threads()
    assert asked.others() == {"iamcredentials.googleapis.com"}


async def test_a_proxy_of_the_environment_has_no_part(
    monkeypatch: pytest.MonkeyPatch, asked: Asked, google: SheetsBackend
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://proxy.example:3128")
    assert await rows(google) == IDS
    assert asked.others() == set()


@pytest.mark.parametrize(
    ("fault", "params", "kind"),
    [
        ("sheets.rate_limit", {}, SheetsQuotaError),
        ("sheets.error", {"status": 503}, SheetsUnavailableError),
        ("sheets.html", {"status": 502}, SheetsUnavailableError),
        ("sheets.truncated", {}, SheetsUnavailableError),
        ("sheets.reset", {}, SheetsUnavailableError),
        ("sheets.token_expired", {}, SheetsAuthError),
        ("sheets.permission_lost", {}, SheetsPermissionError),
    ],
)
async def test_a_fault_becomes_the_error_that_fits_and_passes_by_itself(
    sandbox: Sandbox, google: SheetsBackend, fault: str, params: dict[str, Any], kind: type[SheetsError]
) -> None:
    await rows(google)
    sandbox.faults.add(fault, params, match="GET /v4/*")
    with pytest.raises(kind):
        await rows(google)
    sandbox.faults.clear()
    assert await rows(google) == IDS


async def test_a_hang_ends_with_the_timeout(sandbox: Sandbox, google: SheetsBackend) -> None:
    sandbox.faults.add("sheets.hang", match="GET /v4/*")
    impatient = GoogleSheets(
        Secret(sandbox.google_credentials()),
        timeouts=(1.0, 0.2),
        prepare=elsewhere(sandbox.google_url),
    )
    with pytest.raises(SheetsUnavailableError, match="Timeout"):
        await asyncio.to_thread(impatient.tabs, "s")
    await asyncio.to_thread(impatient.close)


async def test_a_429_hands_on_how_long_to_wait(sandbox: Sandbox, google: SheetsBackend) -> None:
    sandbox.faults.add("sheets.rate_limit", {"retry_after": 9}, count=1)
    with pytest.raises(SheetsQuotaError) as caught:
        await rows(google)
    assert caught.value.retry_after == 9


async def test_a_token_that_expires_early_is_renewed_unseen(sandbox: Sandbox, google: SheetsBackend) -> None:
    await rows(google)
    sandbox.faults.add("sheets.token_expired", count=1)
    assert await rows(google) == IDS


async def test_the_sixty_first_read_of_a_minute_is_refused(sandbox: Sandbox, google: SheetsBackend) -> None:
    def read_on() -> None:
        while sandbox.google.quota.used("", "read") < 60:
            google.tabs("s")

    await asyncio.to_thread(read_on)
    with pytest.raises(SheetsQuotaError, match="Read requests per minute per user"):
        await rows(google)
    await asyncio.to_thread(google.update, "s", "people", "A1", [["writes have a quota of their own"]])


async def test_a_tab_that_was_renamed_is_missed_by_name(sandbox: Sandbox, google: SheetsBackend) -> None:
    sandbox.google.spreadsheets.named("s").tabs[0].title = "People"
    with pytest.raises(SheetsNotFoundError, match='no tab "people"; did you mean "People"'):
        await rows(google)


async def test_read_only_access_asks_for_no_more(sandbox: Sandbox) -> None:
    backend = backend_of(settings(sandbox), writable=False)
    await asyncio.to_thread(backend.tabs, "recruitment")
    (token,) = sandbox.google.accounts._tokens.values()
    assert token.scopes == {
        "https://www.googleapis.com/auth/spreadsheets.readonly",
        "https://www.googleapis.com/auth/drive.metadata.readonly",
    }
    await asyncio.to_thread(backend.close)


def test_only_https_is_sent_elsewhere() -> None:
    with requests.Session() as session:
        before = session.get_adapter("http://127.0.0.1/")
        elsewhere("http://127.0.0.1:1")(session)
        assert session.get_adapter("http://127.0.0.1/") is before
        assert session.get_adapter("https://sheets.googleapis.com/") is not before
        assert not session.trust_env


async def test_a_refresh_of_everything_twice_is_never_refused(moving: tuple[Sandbox, ManualClock]) -> None:
    sandbox, clock = moving
    names = [f"book{number}" for number in range(50)]
    for name in names:
        sandbox.google.spreadsheets.create(name).add_tab("people")
    chosen = settings(sandbox)
    backend = backend_of(chosen, writable=True)
    told: list[SheetsCall] = []
    facade = SheetsFacade(
        backend, clock=clock, deadline=60, governor=governor_of(chosen, backend, clock), on_call=told.append
    )

    async def missing() -> None:
        with pytest.raises(SheetsNotFoundError, match='no tab "peopel"; did you mean "people"'):
            await facade.fetch_many("book7", ["peopel"])

    asking: set[asyncio.Future[Any]] = {asyncio.ensure_future(missing())}
    with trace.acting("startup"):
        asking |= {asyncio.ensure_future(facade.fetch_many(name, ["people"])) for name in names * 2}
    asking |= {asyncio.ensure_future(facade.append(name, "people", [["x"]])) for name in names[:30]}
    for _ in range(400):
        done, asking = await asyncio.wait(asking, timeout=0.05)
        for one in done:
            one.result()
        if not asking:
            break
        clock.advance(2)
    assert not asking
    assert len(told) == 131
    assert all(call.attempts == 1 for call in told)
    assert facade.quota is not None
    assert facade.quota.reads_limit == 60
    await facade.close()


@pytest.fixture
async def moving() -> AsyncIterator[tuple[Sandbox, ManualClock]]:
    """A sandbox whose minutes pass as the clock says."""
    clock = ManualClock()
    async with Sandbox(clock=lambda: time.time() + clock.monotonic()) as sandbox:
        yield sandbox, clock
