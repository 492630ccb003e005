"""The options of a slash command (Discord docs, Application Commands, "Application Command Option Structure")."""

from __future__ import annotations

from typing import Any

from coreops_sandbox.rest.errors import JSON
from coreops_sandbox.rest.forms import Form
from coreops_sandbox.world.options import MAX_INTEGER, OptionType

from .names import check_name, read_localizations

_NESTED = (OptionType.SUB_COMMAND, OptionType.SUB_COMMAND_GROUP)
_PLAIN = tuple(one for one in OptionType if one not in _NESTED)
_WITH_CHOICES = (OptionType.STRING, OptionType.INTEGER, OptionType.NUMBER)


def read_options(form: Form, *, allowed: tuple[OptionType, ...] | None = None) -> list[JSON]:
    """The options of a command, group or sub-command; `allowed` are the types its level takes, None for the top."""
    given = form.forms("options", high=25) or []
    kinds = [one.data.get("type") for one in given]
    nested = [kind in _NESTED for kind in kinds]
    if allowed is None and any(nested) and not all(nested):
        message = "Sub-command and sub-command group option types are mutually exclusive to all other types"
        form.fail("options", "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", message)
    _check_names(given)
    _check_order(given)
    return [_read_option(one, tuple(OptionType) if allowed is None else allowed) for one in given]


def _check_names(given: list[Form]) -> None:
    seen: set[Any] = set()
    for one in given:
        name = one.data.get("name")
        if isinstance(name, str) and name in seen:
            message = "Option name already exists"
            one.problems.add(one.path, "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS", message)
        seen.add(str(name))


def _check_order(given: list[Form]) -> None:
    optional = False
    for one in given:
        if one.data.get("type") in _NESTED:
            continue
        if one.data.get("required") and optional:
            message = "Required options must be placed before non-required options"
            one.problems.add(one.path, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", message)
        optional = optional or not one.data.get("required")


def _read_option(form: Form, allowed: tuple[OptionType, ...]) -> JSON:
    kind = form.choice("type", allowed, needed=True)
    name = form.text("name", needed=True)
    if name is not None:
        check_name(form, "name", name)
    read: JSON = {
        "type": kind,
        "name": name,
        "description": form.text("description", low=1, high=100, needed=True),
        "name_localizations": read_localizations(form, "name", 32, names=True),
        "description_localizations": read_localizations(form, "description", 100, names=False),
        "required": form.boolean("required") or None,
    }
    if kind in _NESTED:
        below = (OptionType.SUB_COMMAND,) if kind == OptionType.SUB_COMMAND_GROUP else _PLAIN
        read["options"] = read_options(form, allowed=below)
    elif kind is not None:
        read |= _read_details(form, OptionType(kind))
    return {key: value for key, value in read.items() if value is not None}


def _read_details(form: Form, kind: OptionType) -> JSON:
    details: JSON = {"autocomplete": form.boolean("autocomplete") or None}
    if kind in _WITH_CHOICES:
        details["choices"] = _read_choices(form, kind)
    elif details["autocomplete"] or form.data.get("choices"):
        _refuse(form, "choices" if form.data.get("choices") else "autocomplete", kind)
    if details["autocomplete"] and details.get("choices"):
        message = "Option choices and autocomplete are mutually exclusive"
        form.problems.add(form.path, "APPLICATION_COMMAND_OPTION_CHOICES_AUTOCOMPLETE_EXCLUSIVE", message)
    if kind in {OptionType.INTEGER, OptionType.NUMBER}:
        details |= _read_range(form, kind)
    if kind is OptionType.STRING:
        details |= {
            "min_length": form.integer("min_length", low=0, high=6000),
            "max_length": form.integer("max_length", low=1, high=6000),
        }
        _check_bounds(form, details, "min_length", "max_length")
    if kind is OptionType.CHANNEL:
        details["channel_types"] = form.items("channel_types") or None
    return details


def _read_range(form: Form, kind: OptionType) -> JSON:
    details: JSON = {}
    for key in ("min_value", "max_value"):
        value = form.data.get(key)
        whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
        if value is None:
            continue
        if isinstance(value, bool) or not isinstance(value, (int, float)) or (kind is OptionType.INTEGER and not whole):
            form.fail(key, "NUMBER_TYPE_COERCE", f'Value "{value}" is not {_word(kind)}.')
        elif not -MAX_INTEGER <= value <= MAX_INTEGER:
            form.fail(key, "NUMBER_TYPE_MAX", f"{_word(kind)} value should be within -{MAX_INTEGER} and {MAX_INTEGER}.")
        else:
            details[key] = value
    _check_bounds(form, details, "min_value", "max_value")
    return details


def _check_bounds(form: Form, details: JSON, low: str, high: str) -> None:
    smallest, largest = details.get(low), details.get(high)
    if smallest is not None and largest is not None and smallest > largest:
        form.fail(high, "NUMBER_TYPE_MIN", f"int value should be greater than or equal to {smallest}.")


def _read_choices(form: Form, kind: OptionType) -> list[JSON] | None:
    given = form.forms("choices", high=25)
    if not given:
        return None
    seen: set[Any] = set()
    choices = []
    for one in given:
        name = one.text("name", low=1, high=100, needed=True)
        if name in seen:
            message = "Option choice name already exists"
            one.problems.add(one.path, "APPLICATION_COMMAND_OPTIONS_CHOICE_NAME_ALREADY_EXISTS", message)
        seen.add(name)
        localized = read_localizations(one, "name", 100, names=False)
        choices.append({"name": name, "name_localizations": localized, "value": choice_value(one, kind)})
    return choices


def choice_value(form: Form, kind: int) -> str | int | float | None:
    """A choice's value, which must be of the option's type."""
    if kind == OptionType.STRING:
        return form.text("value", low=1, high=100, needed=True)
    value = form.data.get("value")
    if kind == OptionType.INTEGER:
        return form.integer("value", low=-MAX_INTEGER, high=MAX_INTEGER, needed=True)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        form.fail("value", "NUMBER_TYPE_COERCE", f'Value "{value}" is not double.')
        return None
    return value


def _refuse(form: Form, key: str, kind: OptionType) -> None:
    message = f"This field is not allowed for options of type {int(kind)}"
    form.fail(key, "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", message)


def _word(kind: OptionType) -> str:
    return "int" if kind is OptionType.INTEGER else "double"
