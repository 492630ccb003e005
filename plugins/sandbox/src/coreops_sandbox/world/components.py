"""Message components and modals as a person meets them: what can be pressed, chosen and filled in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from . import lookup
from .lookup import SandboxError
from .messages import Message
from .options import OptionReader

JSON = dict[str, Any]
ACTION_ROW, BUTTON, STRING_SELECT, TEXT_INPUT = 1, 2, 3, 4
USER_SELECT, ROLE_SELECT, MENTIONABLE_SELECT, CHANNEL_SELECT = 5, 6, 7, 8
SELECTS = (STRING_SELECT, USER_SELECT, ROLE_SELECT, MENTIONABLE_SELECT, CHANNEL_SELECT)


def walk(components: Sequence[JSON]) -> Iterator[JSON]:
    """Every component, containers before what they hold."""
    for component in components:
        yield component
        yield from walk(component.get("components") or [])
        if "accessory" in component:
            yield from walk([component["accessory"]])


def pressable(message: Message, custom_id: str) -> JSON:
    """The button or select menu with that custom id; raises SandboxError if there is none or it is disabled."""
    found = [one for one in walk(message.components) if one.get("custom_id")]
    for component in found:
        if component["custom_id"] == custom_id:
            if component.get("disabled"):
                raise SandboxError(f"component {custom_id!r} of message {message.id} is disabled")
            return component
    raise lookup.unknown(f"component of message {message.id}:", custom_id, (one["custom_id"] for one in found))


def choose(component: JSON, values: Sequence[str], reader: OptionReader) -> list[str]:
    """The chosen values as Discord sends them: option values, or ids of entities given by name."""
    low, high = component.get("min_values", 1), component.get("max_values", 1)
    if not low <= len(values) <= high:
        raise SandboxError(f"component {component['custom_id']!r} takes {low} to {high} values, not {len(values)}")
    return [_chosen(component, value, reader) for value in values]


def filled_in(rows: Sequence[JSON], values: Mapping[str, str]) -> list[JSON]:
    """A modal's components with their values; raises SandboxError for what its form would not accept."""
    inputs = [one for one in walk(rows) if one["type"] == TEXT_INPUT]
    for custom_id in values:
        if custom_id not in {one["custom_id"] for one in inputs}:
            raise lookup.unknown("modal input", custom_id, (one["custom_id"] for one in inputs))
    return [
        {"type": ACTION_ROW, "id": row["id"], "components": [_filled(one, values) for one in row["components"]]}
        for row in rows
    ]


def _filled(text_input: JSON, values: Mapping[str, str]) -> JSON:
    custom_id = text_input["custom_id"]
    value = values.get(custom_id, text_input.get("value") or "")
    if text_input.get("required", True) and not value:
        raise SandboxError(f"missing required modal input {custom_id!r}: {text_input.get('label', '')}")
    low, high = text_input.get("min_length", 0), text_input.get("max_length", 4000)
    if value and not low <= len(value) <= high:
        raise SandboxError(f"modal input {custom_id!r} takes {low} to {high} characters, not {len(value)}")
    return {"type": TEXT_INPUT, "id": text_input["id"], "custom_id": custom_id, "value": value}


def _chosen(component: JSON, value: str, reader: OptionReader) -> str:
    kind = component["type"]
    if kind == STRING_SELECT:
        return _option(component, value)
    if kind == USER_SELECT:
        return reader.resolve_person(value)
    if kind == ROLE_SELECT:
        return reader.resolve_role(value)
    if kind == MENTIONABLE_SELECT:
        return reader.resolve_mentionable(value)
    return reader.resolve_channel(value, component.get("channel_types"))


def _option(component: JSON, value: str) -> str:
    for option in component["options"]:
        if value in {option["value"], option["label"]}:
            return str(option["value"])
    known = (option["value"] for option in component["options"])
    raise lookup.unknown(f"value of {component['custom_id']!r}:", value, known)
