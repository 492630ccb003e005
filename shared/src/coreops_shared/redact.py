"""Secrets: a wrapped text that never shows itself, and removal of secrets from texts that others wrote.

Trace ids (32 hexadecimal digits), UUIDs, spreadsheet ids and snowflakes are not secrets and stay readable.
"""

from __future__ import annotations

import hmac
import re
from typing import Any, Final, NoReturn

__all__ = ["MASK", "Secret", "is_secret_name", "redact", "suspicious"]

MASK: Final = "***"
"""What stands in place of a secret: always the same, so that not even the length shows."""


class Secret:
    """A text that no output shows: not ``str``, ``repr``, ``format``, JSON, pickle, nor its length.

    Args:
        value: The secret text.
    """

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Return the text itself; hand it to the library that needs it and nowhere else."""
        return self._value

    def __str__(self) -> str:
        return MASK

    def __repr__(self) -> str:
        return f"Secret({MASK})"

    def __format__(self, spec: str) -> str:
        return MASK

    def __bool__(self) -> bool:
        return bool(self._value)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(self._value.encode(), other._value.encode())

    def __hash__(self) -> int:
        return hash((Secret, self._value))

    def __copy__(self) -> Secret:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Secret:
        return self

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret cannot be pickled; reveal it where it is needed")


_NAMED: Final = r"(?:tokens?|secrets?|passwords?|passwd|pwd|(?:api|private)[_-]?key|credentials?|authorization)"
_VALUE: Final = (
    r'(?:"(?:[^"\\]|\\.)*"|'  # in double quotes
    r"'(?:[^'\\]|\\.)*'|"  # in single quotes
    r"(?:bearer\s+|basic\s+|bot\s+)?\\?[\"']?[^\s\"',;&}\])]+)"  # bare, or quoted and cut off
)

_PATTERNS: Final[tuple[tuple[re.Pattern[str], str], ...]] = (
    # a whole private key, also with escaped line ends, also cut off before its END line
    (re.compile(r"-----BEGIN ([A-Z ]*PRIVATE KEY)-----.*?(?:-----END \1-----|\Z)", re.DOTALL), MASK),
    # webhook and interaction tokens stand in the path (Discord docs: Webhook Resource, Receiving and Responding)
    (re.compile(r"(/(?:webhooks|interactions)/\d+/)[\w.-]{8,}"), rf"\1{MASK}"),
    # bot token: base64 of the id (its first digit makes the M, N or O), of the time, and a signature
    (re.compile(r"(?<![\w-])[MNO][\w-]{17,29}\.[\w-]{5,8}\.[\w-]{25,}"), MASK),
    (re.compile(r"(?<![\w-])mfa\.[\w-]{20,}"), MASK),
    # JSON Web Tokens (RFC 7519): both first parts are base64 of a JSON object
    (re.compile(r"(?<![\w-])eyJ[\w-]{8,}\.eyJ[\w-]{8,}(?:\.[\w-]*)?"), MASK),
    # Google: API key, access token, refresh token, client secret
    (re.compile(r"AIza[\w-]{30,}"), MASK),
    (re.compile(r"ya29\.[\w.-]{10,}"), MASK),
    (re.compile(r"(?<![\w/])1//0[\w-]{20,}"), MASK),
    (re.compile(r"GOCSPX-[\w-]{10,}"), MASK),
    # Authorization header (RFC 9110 section 11.6.2), with or without its scheme
    (re.compile(r"(?i)\b((?:bearer|basic)\s+)[\w.~+/=-]{12,}"), rf"\1{MASK}"),
    # name=value, name: value, "name": "value"
    (re.compile(rf"(?i)({_NAMED}\\?[\"']?\s*[=:]\s*){_VALUE}"), rf"\1{MASK}"),
)
_HINTS: Final = (
    *("token", "secret", "passw", "pwd", "key", "credential", "authorization", "bearer", "basic", "webhooks/"),
    *("interactions/", "mfa.", "eyj", "aiza", "ya29", "1//0", "gocspx"),
)
_TOKEN_END: Final = re.compile(r"\.[\w-]{5,8}\.[\w-]{25}")
_NAME_END: Final = re.compile(rf"(?i){_NAMED}\Z")


def suspicious(text: str) -> bool:
    """Whether ``text`` could hold a secret; quick, and wrong only by being too careful. It may be JSON."""
    lower = text.lower()
    for hint in _HINTS:  # a plain loop: this is asked of every line of the log, and any() doubles its cost
        if hint in lower:
            return True
    return _TOKEN_END.search(text) is not None


def redact(text: str) -> str:
    """Return ``text`` with everything that looks like a secret replaced by :data:`MASK`.

    Known shapes: Discord tokens and webhook URLs, PEM private keys, JSON Web Tokens, Google keys and OAuth tokens,
    ``Authorization`` values, and assignments to a name that ends like a secret's (``token=``, ``"api_key": …``).
    """
    if not suspicious(text):
        return text
    for pattern, replacement in _PATTERNS:
        text = pattern.sub(replacement, text)
    return text


def is_secret_name(name: str) -> bool:
    """Whether a field of that name holds a secret, for example ``http_token``."""
    return _NAME_END.search(name) is not None
