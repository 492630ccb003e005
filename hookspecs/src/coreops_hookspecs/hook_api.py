"""Ranges of hook-contract versions, as ``>=0.1,<1``: which versions of :data:`HOOK_API` a plugin works with."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Sequence
from types import MappingProxyType
from typing import Any, Final

from coreops_hookspecs.markers import HOOK_API

__all__ = ["THIS_API", "hook_api_problem"]

Version = tuple[int, int]

_CLAUSE: Final = re.compile(r"\s*(>=|<=|==|>|<)\s*(\d{1,4})(?:\.(\d{1,4}))?\s*")
_HOLDS: Final = MappingProxyType[str, Callable[[Any, Any], bool]](
    {">=": operator.ge, "<=": operator.le, "==": operator.eq, ">": operator.gt, "<": operator.lt}
)


def _version(text: str) -> Version:
    major, _, minor = text.partition(".")
    return int(major), int(minor or 0)


THIS_API: Final = f">={HOOK_API},<{_version(HOOK_API)[0] + 1}"
"""The range that a plugin written against this contract asks for: this version up to the next major one."""


def hook_api_problem(wanted: str, offered: str = HOOK_API) -> str:
    """Return why a runtime cannot serve a plugin that asks for a range of hook APIs, or an empty text.

    Args:
        wanted: Clauses separated by commas, each ``>=``, ``<=``, ``==``, ``>`` or ``<`` and ``major`` or
            ``major.minor``; all must hold.
        offered: The hook API of the runtime.
    """
    clauses = _clauses(wanted)
    if not clauses:
        return f'hook API {wanted!r} is no range; say it as "{THIS_API}"'
    here = _version(offered)
    failed = [(sign, version) for sign, version in clauses if not _HOLDS[sign](here, version)]
    if not failed:
        return ""
    newer = any(version > here or sign == ">" for sign, version in failed)
    remedy = "update CoreOps" if newer else "install a release of the plugin for this runtime"
    return f"it was written for hook API {wanted}, this runtime offers {offered}; {remedy}"


def _clauses(wanted: str) -> Sequence[tuple[str, Version]]:
    matches = [_CLAUSE.fullmatch(part) for part in wanted.split(",")]
    return [(match[1], (int(match[2]), int(match[3] or 0))) for match in matches if match] if all(matches) else ()
