"""How fields of the settings are named, found in the sources and reported when they are wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from pydantic import Field, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from coreops_shared.config.helps import HELPS
from coreops_shared.config.sources import Found, Inputs
from coreops_shared.redact import redact
from coreops_shared.suggest import did_you_mean

__all__ = ["find_fields", "help_of", "is_secret", "key", "keys_of", "validation_problems"]

_PREFIX: Final = "COREOPS_"
_SHOWN: Final = 60
"""Characters of a wrong value that a message repeats."""

Fields = Mapping[str, FieldInfo]


def key(
    *keys: str,
    expected: str,
    default: Any = ...,
    derived: Callable[[dict[str, Any]], Any] | None = None,
    secret: bool = False,
) -> Any:
    """Declare a setting.

    Args:
        keys: Its names in the environment, the preferred one first.
        expected: What a value looks like, for messages.
        default: Its value when no source names it; without one the setting is required.
        derived: Computes the default from the settings declared above it.
        secret: Whether its value is withheld from every output.
    """
    extra: dict[str, Any] = {"keys": list(keys), "expected": expected, "secret": secret}
    if derived is not None:
        return Field(default_factory=derived, json_schema_extra=extra)
    return Field(default=default, json_schema_extra=extra)


def keys_of(field: FieldInfo) -> list[str]:
    """Return the names of a setting in the environment, the preferred one first."""
    return list(_extra(field)["keys"])


def is_secret(field: FieldInfo) -> bool:
    """Whether the setting's value is withheld from every output."""
    return bool(_extra(field)["secret"])


def help_of(field: FieldInfo) -> str:
    """Return what the setting is for, and what a value of it looks like."""
    return f"{HELPS[keys_of(field)[0]]}: {_extra(field)['expected']}"


def find_fields(fields: Fields, inputs: Inputs) -> tuple[dict[str, Found], list[str]]:
    """Find the raw value of each field and name the keys of the file that belong to none.

    Returns:
        Values by field name, and problems of the file.
    """
    by_key = {name: field for field, info in fields.items() for name in keys_of(info)}
    found, problems = _from_file(by_key, inputs)
    for name, info in fields.items():
        for env_key in keys_of(info):
            if text := inputs.env.get(env_key, "").strip():
                found[name] = Found(text, "env", env_key)
                break
    return found, problems


def _from_file(by_key: Mapping[str, str], inputs: Inputs) -> tuple[dict[str, Found], list[str]]:
    found: dict[str, Found] = {}
    problems: list[str] = []
    for written, value in inputs.file.process.items():
        upper = written.upper()
        field = by_key.get(upper) or by_key.get(_PREFIX + upper)
        if field is None:
            hint = did_you_mean(written, [*by_key, *by_key.values()])
            problems.append(
                f"{written} ({inputs.file.source}): is not a setting{hint}; keys of plugins belong under [config]"
            )
        elif field in found:
            problems.append(f"{written} ({inputs.file.source}): the same setting stands there under another name too")
        else:
            found[field] = Found(value, inputs.file.source, written)
    return found, problems


def validation_problems(error: ValidationError, fields: Fields, found: Mapping[str, Found]) -> list[str]:
    """Say each wrong field once: key, source, what was found (unless secret) and what is expected."""
    first: dict[str, ErrorDetails] = {}
    for details in error.errors(include_url=False):
        if details["type"] != "default_factory_not_called":  # it only follows from another problem
            first.setdefault(str(details["loc"][0]), details)
    return [_problem(fields[name], found.get(name), details) for name, details in first.items()]


def _problem(field: FieldInfo, found: Found | None, details: ErrorDetails) -> str:
    expected = _extra(field)["expected"]
    if found is None:
        return f"{keys_of(field)[0]} (env): missing; expected {expected}"
    name = found.key
    if details["type"] == "value_error":
        return f"{name} ({found.source}): {details['ctx']['error']}"
    if is_secret(field):
        return f"{name} ({found.source}): the value (withheld) is not {expected}"
    value = f'"{found.value}"' if isinstance(found.value, str) else repr(found.value)
    shown = value if len(value) <= _SHOWN else value[:_SHOWN] + "…"
    return f"{name} ({found.source}): {redact(shown)} is not {expected}"


def _extra(field: FieldInfo) -> dict[str, Any]:
    extra = field.json_schema_extra
    assert isinstance(extra, dict)
    return extra
