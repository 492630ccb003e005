"""What a reload changes: old and new declarations compared by what they say, not by which objects say it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date, time, timedelta
from enum import Enum
from typing import Any, Final, NamedTuple

from coreops.plugins.items import Item
from coreops.plugins.roster import Generation
from coreops_hookspecs.access import rule_of

__all__ = ["Differences", "differences", "requirements_changed", "shape"]

_PLAIN: Final = (str, bytes, int, float, complex, Enum, date, time, timedelta, type(None))

_LATER: Final = frozenset({"parent", "extension", "_localized_name", "_localized_description"})
"""What lightbulb writes into commands and options when they are registered and synced."""


class Differences(NamedTuple):
    """Contributions by what a reload does to them, each ``kind name``, in the order of declaration."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]


def differences(old: Iterable[Generation], new: Iterable[Generation]) -> Differences:
    """Compare what two states of some plugins' code contribute."""
    before, after = _by_name(old), _by_name(new)
    return Differences(
        added=tuple(name for name in after if name not in before),
        removed=tuple(name for name in before if name not in after),
        changed=tuple(name for name in after if name in before and shape(before[name]) != shape(after[name])),
    )


def requirements_changed(old: Sequence[str], new: Sequence[str]) -> str:
    """Return how what a distribution requires has changed, or an empty text."""
    gone, come = sorted(set(old) - set(new)), sorted(set(new) - set(old))
    parts = [f"{sign} {', '.join(names)}" for sign, names in (("no longer", gone), ("now", come)) if names]
    return f"it requires {' and '.join(parts)}" if parts else ""


def shape(value: Any) -> Any:
    """Return what a declaration says as plain comparable values.

    A function counts by its name, so that new code behind an unchanged declaration is no change of it. A class counts
    by its name, its annotations, and what lightbulb and the permission decorators have written on it.
    """
    return _shape(value, frozenset())


def _by_name(generations: Iterable[Generation]) -> dict[str, Any]:
    items: Iterable[Item] = (item for each in generations for item in each.items)
    return {f"{item.kind.name} {item.key}": item.value for item in items}


def _shape(value: Any, above: frozenset[int]) -> Any:
    def inner(each: Any) -> Any:
        return _shape(each, above | {id(value)})

    if isinstance(value, _PLAIN):
        return repr(value)
    if id(value) in above:
        return "above"  # lightbulb's commands know their group
    if isinstance(value, type):
        return _class_shape(value, inner)
    return _compound_shape(value, inner)


def _compound_shape(value: Any, inner: Callable[[Any], Any]) -> Any:
    if is_dataclass(value):
        said = [field.name for field in fields(value) if field.name not in _LATER]
        return _name(type(value)), [(name, inner(getattr(value, name))) for name in said]
    if isinstance(value, Mapping):
        return sorted((repr(key), inner(each)) for key, each in value.items())
    if isinstance(value, Sequence):
        return [inner(each) for each in value]
    if isinstance(value, set | frozenset):
        return sorted(repr(inner(each)) for each in value)
    return _name(value if hasattr(value, "__qualname__") else type(value))


def _class_shape(kind: type, inner: Callable[[Any], Any]) -> Any:
    annotations = {name: str(each) for name, each in getattr(kind, "__annotations__", {}).items()}
    return _name(kind), annotations, inner(getattr(kind, "_command_data", None)), inner(rule_of(kind))


def _name(thing: Any) -> str:
    return f"{getattr(thing, '__module__', '')}.{thing.__qualname__}"
