"""The event catalogue, from the event types."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

from coreops.telemetry import lines
from coreops_hookspecs import telemetry
from coreops_hookspecs.telemetry import Event
from tools.reference.text import GENERATED, markdown, table

__all__ = ["page"]


def page() -> str:
    """Return the page ``events.md``."""
    intro = (
        f"{GENERATED}\n# Events\n\nWhat passes over the telemetry bus: frozen types of `coreops_hookspecs.telemetry`. "
        "A plugin sees them in the hook [`coreops_telemetry`](hooks.md#coreops_telemetry) and publishes with "
        "`ctx.telemetry.publish`, or `ctx.telemetry.note` for one of its own.\n"
    )
    title, _, grammar = markdown(lines).partition("\n")
    log = f"\n## Log lines\n\n{title}\n{grammar}\n"
    return intro + _event(Event) + "".join(_event(kind) for kind in _kinds()) + log


def _kinds() -> Iterator[type[Event]]:
    """Yield the event types in the order in which they stand in the module."""
    for kind in vars(telemetry).values():
        if isinstance(kind, type) and issubclass(kind, Event) and kind is not Event:
            yield kind


def _event(kind: type[Event]) -> str:
    common = {field.name for field in dataclasses.fields(Event)} if kind is not Event else set()
    fields = [field for field in dataclasses.fields(kind) if field.name not in common]
    rows = [(f"`{field.name}`", f"`{field.type}`", _default(field)) for field in fields]
    return f"\n## {kind.__name__}\n\n{markdown(kind)}\n\n{table(('field', 'type', 'default'), rows)}"


def _default(field: dataclasses.Field[object]) -> str:
    if field.default is not dataclasses.MISSING:
        return f"`{field.default!r}`"
    return "required" if field.default_factory is dataclasses.MISSING else f"`{field.default_factory()!r}`"
