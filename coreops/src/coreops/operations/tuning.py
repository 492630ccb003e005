"""What an operator may say about a bucket in the ``Config`` worksheet, in place of what its plugin declared.

A bucket ``clans`` has the settings ``BUCKET_CLANS_TAB`` (title of its tab), ``BUCKET_CLANS_TTL`` and
``BUCKET_CLANS_MAX_AGE`` (lengths of time such as ``90 s``, ``15 min``, ``3 h``; ``none`` for no maximum age) and
``BUCKET_CLANS_CRON`` (five fields, UTC; ``none`` for none). They are settings like any other, so they come from the
environment and the file too, and a reload takes them over together with everything else or not at all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final, Protocol

from coreops.cache.bucket import check_times
from coreops.telemetry.phrases import duration
from coreops_hookspecs.cache import BucketSpec
from coreops_hookspecs.config import Setting
from coreops_hookspecs.errors import CoreOpsError
from coreops_hookspecs.operations import BucketChange
from coreops_shared.config.declared import Resolved

__all__ = ["Buckets", "Settings", "Tuning"]

_NONE: Final = "none"
_UNITS: Final = {"s": 1, "sec": 1, "min": 60, "m": 60, "h": 3600, "d": 86400}
_LENGTH: Final = re.compile(r"(\d+(?:\.\d+)?)\s*([a-z]+)")


class Settings(Protocol):
    """The part of the registry that settings of buckets are kept in."""

    def add(self, plugin: str, setting: Setting) -> Callable[[], None]: ...
    def resolved(self) -> Mapping[str, Resolved]: ...


class Buckets(Protocol):
    """The part of the cache that buckets are put into."""

    def add(self, plugin: str, spec: BucketSpec[Any]) -> Callable[[], None]: ...
    def retune(self, spec: BucketSpec[Any]) -> BucketSpec[Any]: ...


class Tuning:
    """Buckets as their plugins declared them, and as the operator wants them.

    Args:
        settings: Where the operator's wishes are looked up.
        buckets: Where buckets are kept.
        report: Told what cannot be used; the declaration serves instead.
    """

    def __init__(self, settings: Settings, buckets: Buckets, report: Callable[[str], None]) -> None:
        self._settings = settings
        self._buckets = buckets
        self._report = report
        self._declared: dict[str, BucketSpec[Any]] = {}

    def add(self, plugin: str, spec: BucketSpec[Any]) -> Callable[[], None]:
        """Take up a bucket with its settings; return what removes both. Raises DeclarationError."""
        withdraw = [self._buckets.add(plugin, spec)]

        def remove() -> None:
            self._declared.pop(spec.name, None)
            for step in reversed(withdraw):
                step()

        try:
            for setting in settings_of(spec):
                withdraw.append(self._settings.add(plugin, setting))  # noqa: PERF401 - what is done must be undone
        except CoreOpsError:
            remove()
            raise
        self._declared[spec.name] = spec
        self._apply(spec)
        return remove

    def problems(self, values: Mapping[str, Resolved]) -> list[str]:
        """Return what is wrong with these values, before they are taken over."""
        return [text for spec in self._declared.values() for text in tuned(spec, values)[1]]

    def apply(self) -> tuple[BucketChange, ...]:
        """Bring every bucket in step with the settings; return what changed."""
        return tuple(change for _, spec in sorted(self._declared.items()) for change in self._apply(spec))

    def _apply(self, declared: BucketSpec[Any]) -> Iterator[BucketChange]:
        wanted, problems = tuned(declared, self._settings.resolved())
        for problem in problems:
            self._report(problem)
        before = self._buckets.retune(wanted)
        return _changes(before, wanted)


def settings_of(spec: BucketSpec[Any]) -> tuple[Setting, ...]:
    """Return the settings by which an operator tunes a bucket; their defaults are its declaration, in words."""
    words = _words(spec)
    helps = {
        "tab": "title of the tab",
        "ttl": "a length of time such as 15 min or 3 h",
        "max_age": "a length of time such as 2 d, or none",
        "cron": "a cron expression of five fields (UTC), or none",
    }
    return tuple(Setting(_key(spec, what), str, words[what], f"Bucket {spec.name}: {helps[what]}") for what in helps)


def tuned(declared: BucketSpec[Any], values: Mapping[str, Resolved]) -> tuple[BucketSpec[Any], list[str]]:
    """Return a bucket as the operator wants it, and what cannot be used; with any problem it stays as declared."""
    wanted: dict[str, Any] = {}
    problems: list[str] = []
    for what, read in _READERS.items():
        value = values.get(_key(declared, what))
        if value is None or value.source == "default":
            continue
        try:
            wanted[what] = read(str(value.value).strip())
        except ValueError as expected:
            problems.append(f'{_key(declared, what)} ({value.source}): "{value.value}" is not {expected}')
    spec = replace(declared, **wanted)
    if not problems:
        try:
            check_times(spec)
        except CoreOpsError as error:
            where = ", ".join(f"{_key(declared, what)} ({values[_key(declared, what)].source})" for what in wanted)
            problems.append(f"{where}: {error}")
    return (declared if problems else spec), problems


def _length(text: str) -> timedelta:
    """Read ``90 s``, ``1 h 30 min``. Raises ValueError with what is expected."""
    parts = _LENGTH.findall(text.lower())
    if not parts or _LENGTH.sub("", text.lower()).strip() or any(unit not in _UNITS for _, unit in parts):
        raise ValueError("a length of time such as 15 min or 3 h")
    length = timedelta(seconds=sum(float(number) * _UNITS[unit] for number, unit in parts))
    if length <= timedelta(0):
        raise ValueError("more than nothing")
    return length


def _optional_length(text: str) -> timedelta | None:
    return None if text.lower() == _NONE else _length(text)


_READERS: Final[Mapping[str, Callable[[str], Any]]] = {
    "tab": str,
    "ttl": _length,
    "max_age": _optional_length,
    "cron": lambda text: None if text.lower() == _NONE else text,
}


def _key(spec: BucketSpec[Any], what: str) -> str:
    return f"BUCKET_{re.sub(r'[^A-Z0-9]', '_', spec.name.upper())}_{what.upper()}"


def _words(spec: BucketSpec[Any]) -> dict[str, str]:
    max_age = _NONE if spec.max_age is None else duration(spec.max_age)
    return {"tab": spec.tab, "ttl": duration(spec.ttl), "max_age": max_age, "cron": spec.cron or _NONE}


def _changes(before: BucketSpec[Any], after: BucketSpec[Any]) -> Iterator[BucketChange]:
    old, new = _words(before), _words(after)
    return (BucketChange(after.name, what, old[what], new[what]) for what in old if old[what] != new[what])
