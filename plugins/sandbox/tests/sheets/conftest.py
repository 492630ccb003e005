"""Real gspread and google-auth on a sandbox that runs in a thread of its own."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import gspread
import pytest
import requests
from google.auth.transport.requests import AuthorizedSession, Request
from google.oauth2.service_account import Credentials
from requests.adapters import HTTPAdapter

from coreops_sandbox.server import Sandbox
from coreops_sandbox.sheets import QuotaLimits
from coreops_sandbox.workbook import lay_over

LIMIT_S = 10.0
SCOPES = ("https://www.googleapis.com/auth/spreadsheets", "https://www.googleapis.com/auth/drive")
T = TypeVar("T")


class Clock:
    """A clock that a test moves."""

    def __init__(self, now: float) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


class ToSandbox(HTTPAdapter):
    """Sends what is meant for a Google host to the sandbox, under the same path."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        parts = urlsplit(str(request.url))
        request.url = f"{self._url}{parts.path}?{parts.query}"
        return super().send(request, *args, **kwargs)


class Local:
    """A sandbox and those who connect to it."""

    def __init__(self, sandbox: Sandbox, loop: asyncio.AbstractEventLoop, stack: ExitStack) -> None:
        self.sandbox = sandbox
        self._loop = loop
        self._stack = stack

    def do(self, action: Callable[[], T]) -> T:
        """Do something where the sandbox runs."""

        async def run() -> T:
            return action()

        return asyncio.run_coroutine_threadsafe(run(), self._loop).result(LIMIT_S)

    def session(self, *, account: str = "coreops", scopes: tuple[str, ...] = SCOPES, **changes: Any) -> Any:
        """An AuthorizedSession of a service account; ``changes`` go over its key file."""
        info = json.loads(self.do(lambda: self.sandbox.google_credentials(account))) | changes
        token_session = self._stack.enter_context(requests.Session())
        credentials = Credentials.from_service_account_info(info, scopes=scopes)
        session = self._stack.enter_context(AuthorizedSession(credentials, auth_request=_Unshared(token_session)))
        for each in (session, token_session):
            each.mount("https://", ToSandbox(self.sandbox.google_url))
        return session

    def gspread(self, **options: Any) -> gspread.Client:
        """gspread as it is, over such a session."""
        client = gspread.Client(auth=None, session=self.session(**options))
        client.set_timeout((5, 5))
        return client

    def ask(self, method: str, path: str, session: Any = None, **arguments: Any) -> requests.Response:
        """Any request to the Sheets API, such as ``recruitment/values/clans``."""
        session = session or self.session()
        return session.request(method, f"https://sheets.googleapis.com/v4/spreadsheets/{path}", **arguments)


class _Unshared(Request):
    """Keeps google-auth from handing a copy to a thread that asks a third host."""

    def __deepcopy__(self, memo: dict[int, Any]) -> None:
        raise TypeError


@pytest.fixture
def clock() -> Clock:
    """Begins with the real time, by which google-auth signs."""
    return Clock(time.time())


@pytest.fixture
def limits() -> QuotaLimits:
    """The quota; a test module overrides it."""
    return QuotaLimits()


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    lay_over(
        tmp_path,
        {
            "recruitment": {
                "Config": "KEY,VALUE\nclans_tab,clans\n",
                "FeatureToggles": "feature_name,enabled\nrecruitment,TRUE\n",
                "clans": "clan_tag,clan_name,level\nEMB,Ember Vanguard,24\nNIT,Nightglass,22\n",
            }
        },
    )
    return tmp_path


@pytest.fixture
def local(clock: Clock, limits: QuotaLimits, workbook: Path) -> Iterator[Local]:
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    sandbox = Sandbox(clock=clock, quota=limits, workbook=workbook)
    asyncio.run_coroutine_threadsafe(sandbox.start(), loop).result(LIMIT_S)
    with ExitStack() as stack:
        yield Local(sandbox, loop, stack)
    asyncio.run_coroutine_threadsafe(sandbox.stop(), loop).result(LIMIT_S)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(LIMIT_S)
    loop.close()


@pytest.fixture
def clans(local: Local) -> gspread.Worksheet:
    """A tab with a header and two rows."""
    return local.gspread().open_by_key("recruitment").worksheet("clans")


@pytest.fixture
def sheet(local: Local) -> gspread.Worksheet:
    """An empty tab of a new spreadsheet."""
    local.do(lambda: local.sandbox.google.spreadsheets.create("fresh").add_tab("Sheet1"))
    return local.gspread().open_by_key("fresh").sheet1
