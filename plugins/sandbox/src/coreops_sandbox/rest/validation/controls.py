"""Buttons, select menus and the text inputs of modals (Discord docs, Component Reference)."""

from __future__ import annotations

from collections.abc import Callable

from coreops_sandbox.rest.errors import JSON
from coreops_sandbox.rest.forms import Form
from coreops_sandbox.world.components import ACTION_ROW, CHANNEL_SELECT, STRING_SELECT, TEXT_INPUT

Claim = Callable[[Form, str], None]
"""Registers a custom id and complains about one that is already taken."""
_LINK, _PREMIUM = 5, 6


def read_button(form: Form, claim: Claim) -> JSON:
    """A button: with a custom id, or with an address for a link, never with both."""
    style = form.choice("style", range(1, 7), needed=True)
    custom_id, url = form.text("custom_id", low=1, high=100), form.url("url", ("http", "https", "discord"), high=512)
    path = form.path
    if custom_id is not None and url is not None:
        message = "A custom id and url cannot both be specified"
        form.problems.add(path, "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE", message)
    elif style == _LINK and "url" not in form:
        form.problems.add(path, "BUTTON_COMPONENT_URL_REQUIRED", "A url is required")
    elif style not in {None, _LINK, _PREMIUM} and "custom_id" not in form:
        form.problems.add(path, "BUTTON_COMPONENT_CUSTOM_ID_REQUIRED", "A custom id is required")
    if custom_id is not None:
        claim(form, custom_id)
    label, emoji = form.text("label", high=80), _read_emoji(form)
    if style != _PREMIUM and not form.data.get("label") and emoji is None:
        form.problems.add(path, "BUTTON_COMPONENT_LABEL_OR_EMOJI_REQUIRED", "A label or emoji is required")
    return {
        "style": style,
        "label": label,
        "emoji": emoji,
        "custom_id": custom_id,
        "url": url,
        "disabled": form.boolean("disabled"),
    }


def read_select(form: Form, claim: Claim) -> JSON:
    """A select menu of any kind."""
    custom_id = form.text("custom_id", low=1, high=100, needed=True)
    if custom_id is not None:
        claim(form, custom_id)
    low = form.integer("min_values", low=0, high=25)
    high = form.integer("max_values", low=1, high=25)
    if low is not None and low > (high or 1):
        form.fail("min_values", "NUMBER_TYPE_MAX", f"int value should be less than or equal to {high or 1}.")
    options = _read_options(form, high or 1) if form.data["type"] == STRING_SELECT else None
    types = form.items("channel_types") if form.data["type"] == CHANNEL_SELECT else None
    return {
        "custom_id": custom_id,
        "options": options,
        "channel_types": types,
        "placeholder": form.text("placeholder", high=150),
        "min_values": 1 if low is None else low,
        "max_values": 1 if high is None else high,
        "disabled": form.boolean("disabled"),
    }


def read_modal(form: Form) -> JSON:
    """The data of a modal response: one text input in each of one to five rows."""
    taken: set[str] = set()
    rows = form.forms("components", low=1, high=5, needed=True) or []
    return {
        "custom_id": form.text("custom_id", low=1, high=100, needed=True),
        "title": form.text("title", low=1, high=45, needed=True),
        "components": [_read_row(row, 2 * index + 1, taken) for index, row in enumerate(rows)],
    }


def _read_row(row: Form, number: int, taken: set[str]) -> JSON:
    if row.data.get("type") != ACTION_ROW:
        row.problems.add(row.path, "UNION_TYPE_CHOICES", 'Value of field "type" must be one of (1,).')
        return {}
    inputs = row.forms("components", low=1, high=1, needed=True) or []
    return {"type": ACTION_ROW, "id": number, "components": [_read_input(one, number + 1, taken) for one in inputs]}


def _read_input(form: Form, number: int, taken: set[str]) -> JSON:
    if form.data.get("type") != TEXT_INPUT:
        form.problems.add(form.path, "UNION_TYPE_CHOICES", 'Value of field "type" must be one of (4,).')
        return {}
    custom_id = form.text("custom_id", low=1, high=100, needed=True)
    if custom_id in taken:
        form.fail("custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated")
    taken.add(custom_id or "")
    read = {
        "type": TEXT_INPUT,
        "id": number,
        "custom_id": custom_id,
        "label": form.text("label", low=1, high=45, needed=True),
        "style": form.choice("style", (1, 2), needed=True),
        "min_length": form.integer("min_length", low=0, high=4000),
        "max_length": form.integer("max_length", low=1, high=4000),
        "required": form.boolean("required"),
        "value": form.text("value", high=4000),
        "placeholder": form.text("placeholder", high=100),
    }
    return {key: value for key, value in read.items() if value is not None}


def _read_options(form: Form, high: int) -> list[JSON]:
    options = form.forms("options", low=1, high=25, needed=True) or []
    if options and high > len(options):
        form.fail("max_values", "NUMBER_TYPE_MAX", f"int value should be less than or equal to {len(options)}.")
    seen: set[str] = set()
    return [_read_option(one, seen) for one in options]


def _read_option(form: Form, seen: set[str]) -> JSON:
    value = form.text("value", low=1, high=100, needed=True)
    if value in seen:
        message = "The specified option value is already used"
        form.problems.add(form.path, "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", message)
    seen.add(value or "")
    read = {
        "label": form.text("label", low=1, high=100, needed=True),
        "value": value,
        "description": form.text("description", high=100),
        "emoji": _read_emoji(form),
        "default": form.boolean("default"),
    }
    return {key: value for key, value in read.items() if value is not None}


def _read_emoji(form: Form) -> JSON | None:
    emoji = form.form("emoji")
    if emoji is None:
        return None
    emoji_id, name = emoji.snowflake("id"), emoji.text("name")
    if emoji_id is None and (not name or name.isascii()):
        emoji.fail("name", "BUTTON_COMPONENT_INVALID_EMOJI", "Invalid emoji")
    return {"id": emoji_id, "name": name, "animated": bool(emoji.boolean("animated"))}
