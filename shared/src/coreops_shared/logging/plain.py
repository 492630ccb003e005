"""Turn anything that code logs into redacted values that JSON can hold, without ever raising."""

from __future__ import annotations

import reprlib
import traceback
from collections.abc import Mapping
from datetime import date, time, timedelta
from enum import Enum
from pathlib import PurePath
from typing import Any, Final

from coreops_shared.redact import MASK, Secret, is_secret_name, redact

__all__ = ["plain", "plain_exception", "plain_fields"]

_MAX_DEPTH: Final = 6
_INT64: Final = range(-(2**63), 2**64)
"""Integers that orjson can write; others become text."""

_REPR: Final = reprlib.Repr()
_REPR.maxother = _REPR.maxstring = 2000  # survives a __repr__ that raises, unlike the built-in


def plain(value: Any, depth: int = 0) -> Any:  # noqa: PLR0911 - one line for each type
    """Return ``value`` as redacted text, number, list or object; what is unknown is shown by its ``repr``."""
    match value:
        case None | bool() | float():
            return value
        case Enum():
            return plain(value.value, depth)
        case str() | PurePath():
            return _text(str(value))
        case int():
            return int(value) if value in _INT64 else str(value)
        case date() | time():
            return value.isoformat()
        case timedelta():
            return value.total_seconds()
        case Mapping() if depth < _MAX_DEPTH:
            return plain_fields(value, depth + 1)
        case list() | tuple() | set() | frozenset() if depth < _MAX_DEPTH:
            return [plain(item, depth + 1) for item in value]
        case _:
            return MASK if isinstance(value, Secret) else _text(_REPR.repr(value))


def plain_fields(fields: Mapping[Any, Any], depth: int = 0) -> dict[str, Any]:
    """Return the mapping with plain values; a field named like a secret (``http_token``) is withheld."""
    return {
        (name := _text(str(key))): MASK if is_secret_name(name) else plain(value, depth)
        for key, value in fields.items()
    }


def plain_exception(error: BaseException) -> dict[str, str]:
    """Return type, message and whole traceback, causes included, of an exception."""
    return {
        "type": f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins."),
        "message": _text("".join(traceback.format_exception_only(error)).strip()),
        "traceback": _text("".join(traceback.format_exception(error))),
    }


def _text(text: str) -> str:
    # lone surrogates come from undecodable file names; orjson refuses them
    return redact(text if text.isascii() else text.encode("utf-8", "backslashreplace").decode())
