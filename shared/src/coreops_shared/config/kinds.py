"""Types of the process's settings: how raw text or a TOML value becomes a typed one.

A validator here raises ``ValueError`` only with a whole sentence that may be shown; otherwise the setting's own
expectation is.
"""

from __future__ import annotations

import json
import re
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Final, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from pydantic import AfterValidator, BeforeValidator, Field, PlainValidator

from coreops_shared.redact import Secret
from coreops_shared.sheets.locales import locale_of
from coreops_shared.suggest import did_you_mean

__all__ = [
    "Count",
    "Credentials",
    "DiscordUrl",
    "Folder",
    "HttpUrl",
    "Level",
    "LocalUrl",
    "Names",
    "Port",
    "Prefix",
    "Seconds",
    "SecretText",
    "SheetsLocale",
    "Snowflake",
    "Snowflakes",
    "Timezone",
]

_LEVELS: Final = {"WARN": "WARNING", "FATAL": "CRITICAL"}
_ACCOUNT_FIELDS: Final = ("client_email", "private_key", "token_uri")
_TOKEN_HOSTS: Final = re.compile(r"(?:[\w-]+\.)*googleapis\.com|accounts\.google\.com", re.ASCII)
"""Who gets what the private key has signed."""


def _split(value: Any) -> Any:
    if isinstance(value, int) and not isinstance(value, bool):
        return [value]
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


def _level(value: Any) -> Any:
    name = value.strip().upper() if isinstance(value, str) else value
    return _LEVELS.get(name, name)


def _url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError(f'"{value}" is not an http or https address')
    return value.rstrip("/")


def _discord_url(value: str) -> str:
    url = _url(value)
    if urlsplit(url).scheme != "https" and urlsplit(url).hostname != "localhost" and not _is_local(url):
        raise ValueError(f'"{value}" would send the token readably; expected https, or http to 127.0.0.1 or localhost')
    return url


def _is_local(url: str) -> bool:
    try:
        return ip_address(urlsplit(url).hostname or "").is_loopback
    except ValueError:  # a name, even localhost, is whatever somebody made of it
        return False


def _local_url(value: str) -> str:
    url = _url(value)
    if not _is_local(url):
        raise ValueError(
            f'"{value}" is not on this machine; only a loopback address such as http://127.0.0.1:8081/google may be'
        )
    return url


def _folder(value: Path) -> Path:
    folder = value.expanduser()
    if not folder.is_dir():
        raise ValueError(f'"{value}" is not an existing folder')
    return folder


def _timezone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        hint = did_you_mean(value, available_timezones())
        raise ValueError(f'"{value}" is not an IANA time zone{hint}') from None
    return value


def _sheets_locale(value: str) -> str:
    locale_of(value)
    return value


def _secret(value: Any) -> Secret:
    if not isinstance(value, str) or not value.strip() or any(letter.isspace() for letter in value.strip()):
        raise ValueError("the value (withheld) is not one word")
    return Secret(value.strip())


def _credentials(value: Any) -> Secret:
    if not isinstance(value, str):
        raise ValueError("the value (withheld) is not text")  # noqa: TRY004 - pydantic reads ValueError
    text = value.strip()
    try:
        account = json.loads(text if text.startswith("{") else Path(text).expanduser().read_text(encoding="utf-8"))
    except OSError as error:
        raise ValueError(
            f"the file it names cannot be read ({error.strerror}); expected a path or the JSON itself"
        ) from None
    except ValueError:
        raise ValueError("the value (withheld) is not the JSON of a service account") from None
    missing = [name for name in _ACCOUNT_FIELDS if not isinstance(account, dict) or not account.get(name)]
    if missing:
        raise ValueError(f"the service account's JSON has no {', '.join(missing)}")
    token_url = urlsplit(str(account["token_uri"]))
    google = token_url.scheme == "https" and _TOKEN_HOSTS.fullmatch(token_url.hostname or "")
    if not google and not _is_local(str(account["token_uri"])):
        raise ValueError("the service account's JSON has a token_uri that is not Google's; download the key anew")
    return Secret(text)


SecretText = Annotated[Secret, PlainValidator(_secret)]
Credentials = Annotated[Secret, PlainValidator(_credentials)]
"""A service account's JSON, or the path of a file with it; checked to be one, never shown."""

Snowflake = Annotated[int, Field(gt=0, lt=2**64)]
"""A Discord id (Discord docs: API Reference, Snowflakes)."""

Snowflakes = Annotated[frozenset[Snowflake], BeforeValidator(_split)]
Names = Annotated[frozenset[str], BeforeValidator(_split)]
Port = Annotated[int, Field(ge=0, le=65535)]
Seconds = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Level = Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"], BeforeValidator(_level)]
LocalUrl = Annotated[str, AfterValidator(_local_url)]
HttpUrl = Annotated[str, AfterValidator(_url)]
DiscordUrl = Annotated[str, AfterValidator(_discord_url)]
Folder = Annotated[Path, AfterValidator(_folder)]
Timezone = Annotated[str, AfterValidator(_timezone)]
SheetsLocale = Annotated[str, AfterValidator(_sheets_locale)]
Count = Annotated[int, Field(gt=0)]
Prefix = Annotated[str, Field(pattern=r"^[^\s,]{1,5}(,[^\s,]{1,5}){0,4}$")]
