"""Google's refusals in the words of the error tree (Sheets API: HTTP status and ``error`` object of the body)."""

from __future__ import annotations

from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import Any, Final

from coreops_hookspecs.errors import (
    SheetsAuthError,
    SheetsError,
    SheetsNotFoundError,
    SheetsPermissionError,
    SheetsQuotaError,
    SheetsUnavailableError,
)

__all__ = ["OutsideGridError", "UnknownRangeError", "refusal"]

_QUOTA_WORDS: Final = ("quota", "rate limit", "ratelimit")
_SHOWN: Final = 200


class OutsideGridError(SheetsError):
    """A range beyond the rows and columns that the sheet has."""


class UnknownRangeError(SheetsNotFoundError):
    """A range that Google cannot find: its tab does not exist."""


def refusal(status: int, headers: Mapping[str, str], body: Any, spreadsheet: str, account: str) -> SheetsError:
    """Return the error that fits an HTTP answer of 400 or above.

    Args:
        status: HTTP status code.
        headers: Its headers.
        body: The decoded JSON, or ``None`` if it was none.
        spreadsheet: Id of the spreadsheet.
        account: E-mail address of the service account.
    """
    said = _message(body)
    where = f'spreadsheet "{spreadsheet}": Google answers {status}{f" ({said})" if said else ""}'
    if status == 429 or (status == 403 and any(word in said.casefold() for word in _QUOTA_WORDS)):
        return SheetsQuotaError(
            where,
            retry_after=_retry_after(headers),
            user_message="Google asks the bot to slow down; try again in a minute.",
        )
    if status >= 500:
        return SheetsUnavailableError(
            where,
            retry_after=_retry_after(headers),
            user_message="Google Sheets is not available; try again later.",
        )
    return _lasting(status, said, where, account)


def _lasting(status: int, said: str, where: str, account: str) -> SheetsError:
    match status:
        case 401:
            return SheetsAuthError(
                f"{where}; check GSPREAD_CREDENTIALS",
                user_message="Google refused the bot's account; an admin must check its credentials.",
            )
        case 403:
            return SheetsPermissionError(
                f"{where}; share it with {account}",
                user_message="The bot may not open the spreadsheet; an admin must share it with the bot's account.",
            )
        case 404:
            return SheetsNotFoundError(
                f"{where}; check its id in the settings", user_message="The spreadsheet does not exist."
            )
        case 400 if "Unable to parse range" in said:
            return UnknownRangeError(where)
        case 400 if "exceeds grid limits" in said:
            return OutsideGridError(where, user_message="The tab is not large enough.")
        case _:
            return SheetsError(where, user_message="Google did not accept the request.")


def _message(body: Any) -> str:
    error = body.get("error") if isinstance(body, dict) else None
    said = error.get("message", "") if isinstance(error, dict) else error or ""
    return str(said)[:_SHOWN]


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds of ``Retry-After`` (RFC 9110 section 10.2.3), a date taken relative to the server's own."""
    text = headers.get("Retry-After", "").strip()
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        until, now = parsedate_to_datetime(text), parsedate_to_datetime(headers.get("Date", ""))
        return max(0.0, (until - now).total_seconds())
    except (ValueError, TypeError):  # TypeError: one of them has no zone
        return None
