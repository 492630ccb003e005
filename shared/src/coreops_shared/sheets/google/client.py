"""gspread's HTTP client over a service account, with timeouts and this project's errors. Imported at first use only."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, MutableMapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NoReturn
from urllib.parse import urlsplit

import gspread
import requests
from google.auth.exceptions import GoogleAuthError, RefreshError, TransportError
from google.auth.transport.requests import AuthorizedSession, Request
from google.oauth2.service_account import Credentials
from gspread.urls import SPREADSHEET_VALUES_BATCH_URL

from coreops_hookspecs.errors import SheetsAuthError, SheetsUnavailableError
from coreops_shared.redact import Secret, redact
from coreops_shared.sheets.google.errors import refusal
from coreops_shared.sheets.quota import spent

__all__ = ["Client", "connect", "translated"]

_SHEETS_HOST: Final = "sheets.googleapis.com"
_READ_SCOPE: Final = "https://www.googleapis.com/auth/spreadsheets.readonly"
_WRITE_SCOPE: Final = "https://www.googleapis.com/auth/spreadsheets"
_DRIVE_SCOPE: Final = "https://www.googleapis.com/auth/drive.metadata.readonly"
"""Only to ask when a spreadsheet changed."""


class _RefusedError(Exception):
    def __init__(self, response: requests.Response) -> None:
        super().__init__(response.status_code)
        self.response = response


class _TokenRequest(Request):
    """Fetches access tokens.

    It refuses to be copied: google-auth would hand the copy to a background thread that asks a third host where the
    account may be used from, which Sheets does not need.
    """

    def __deepcopy__(self, memo: dict[int, Any]) -> NoReturn:
        raise TypeError("token requests are not copied")


class Client(gspread.HTTPClient):
    """What gspread calls the API with.

    Args:
        session: Adds the access token to each request.
        token_session: Fetches the tokens.
        account: E-mail address of the service account.
    """

    def __init__(self, session: AuthorizedSession, token_session: requests.Session, account: str) -> None:
        super().__init__(session.credentials, session)
        self._sessions = (session, token_session)
        self.account = account

    def request(  # noqa: PLR0917 - the signature is gspread's
        self,
        method: str,
        endpoint: str,
        params: MutableMapping[str, Any] | None = None,
        data: bytes | None = None,
        json: Any = None,
        files: Any = None,
        headers: MutableMapping[str, str] | None = None,
    ) -> requests.Response:
        """Send one request; gspread's own error would lose headers and trip over bodies that are not Google's."""
        _count(method, endpoint)
        response: requests.Response = self.session.request(
            method, endpoint, params=params, data=data, json=json, files=files, headers=headers, timeout=self.timeout
        )
        if not response.ok:
            raise _RefusedError(response)
        return response

    def values_batch_get_bytes(self, spreadsheet: str, parameters: MutableMapping[str, Any]) -> bytes:
        """Return the body of ``values:batchGet``; gspread would read it at once and hold the interpreter meanwhile."""
        return self.request("get", SPREADSHEET_VALUES_BATCH_URL % spreadsheet, parameters).content

    def close(self) -> None:
        """Close the connections."""
        for session in self._sessions:
            session.close()


def connect(
    credentials: Secret,
    writable: bool,
    timeouts: tuple[float, float],
    prepare: Callable[[requests.Session], None] | None,
) -> Client:
    """Make a client; no request is sent yet. Raises SheetsAuthError if the credentials are none."""
    scopes = [_WRITE_SCOPE if writable else _READ_SCOPE, _DRIVE_SCOPE]
    text = credentials.reveal()
    try:
        content = text if text.startswith("{") else Path(text).expanduser().read_text(encoding="utf-8")
        account = Credentials.from_service_account_info(json.loads(content), scopes=scopes)  # type: ignore[no-untyped-call]
    except (OSError, ValueError, GoogleAuthError) as error:
        raise SheetsAuthError(
            f"GSPREAD_CREDENTIALS are not those of a service account ({type(error).__name__})",
            user_message="The bot's Google credentials cannot be used; an admin must check them.",
        ) from None  # the cause may quote the key
    token_session = requests.Session()
    session = AuthorizedSession(account, auth_request=_TokenRequest(token_session))  # type: ignore[no-untyped-call]
    for each in (token_session, session):
        if prepare is not None:
            prepare(each)
    client = Client(session, token_session, account.service_account_email)
    client.set_timeout(timeouts)
    return client


def _count(method: str, endpoint: str) -> None:
    """Count a request to Sheets; Drive has a budget of its own, two hundred times as large."""
    budget = spent.get()
    if budget is None or urlsplit(endpoint).hostname != _SHEETS_HOST:
        return
    if method.upper() == "GET":
        budget.reads += 1
    else:
        budget.writes += 1


@contextmanager
def translated(spreadsheet: str, account: str) -> Iterator[None]:
    """Turn what gspread, google-auth and requests raise into SheetsError."""
    where = f'spreadsheet "{spreadsheet}"'
    try:
        yield
    except _RefusedError as error:
        response = error.response
        raise refusal(response.status_code, response.headers, _body(response), spreadsheet, account) from error
    except TransportError as error:
        raise _unavailable(where, error) from error
    except RefreshError as error:
        if error.retryable:
            raise _unavailable(where, error) from error
        raise SheetsAuthError(
            f"{where}: Google refuses the account {account} ({_said(error)}); check GSPREAD_CREDENTIALS",
            user_message="Google refused the bot's account; an admin must check its credentials.",
        ) from error
    except requests.RequestException as error:
        raise _unavailable(where, error) from error


def _unavailable(where: str, error: Exception) -> SheetsUnavailableError:
    return SheetsUnavailableError(
        f"{where}: Google cannot be reached ({_said(error)})",
        user_message="Google Sheets does not answer; try again later.",
    )


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {redact(str(error))[:200]}"


def _body(response: requests.Response) -> Any:
    try:
        return response.json()
    except ValueError:  # an HTML page of a proxy
        return None
