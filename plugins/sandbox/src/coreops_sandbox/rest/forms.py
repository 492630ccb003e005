"""Typed reading of a JSON object, with the errors Discord gives for each field."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from coreops_sandbox.world.snowflakes import is_snowflake

from .errors import JSON, Problems

Path = tuple[str | int, ...]


class Form:
    """One JSON object at a path; what does not fit is added to `problems` and read as None."""

    def __init__(self, data: Any, problems: Problems, path: Path = ()) -> None:
        self.problems = problems
        self.path = path
        self.data: JSON = data if isinstance(data, dict) else {}
        if not isinstance(data, dict):
            problems.add(path, "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType")

    def __contains__(self, key: str) -> bool:
        return key in self.data

    def fail(self, key: str | int, code: str, message: str) -> None:
        self.problems.add((*self.path, key), code, message)

    def required(self, key: str) -> bool:
        """Whether `key` is there and not null; complains otherwise."""
        if self.data.get(key) is None:
            self.fail(key, "BASE_TYPE_REQUIRED", "This field is required")
            return False
        return True

    def text(self, key: str, *, low: int = 0, high: int | None = None, needed: bool = False) -> str | None:
        """A string of `low` to `high` characters, without the white space around it."""
        value = self._present(key, needed)
        if value is None:
            return None
        if not isinstance(value, str):
            self.fail(key, "STRING_TYPE_CONVERT", f'Could not interpret "{value}" as string.')
            return None
        value = value.strip()
        return value if self._fits_length(key, len(value), low, high) else None

    def integer(self, key: str, *, low: int | None = None, high: int | None = None, needed: bool = False) -> int | None:
        """An integer, also from a decimal string, from `low` to `high`."""
        value = self._present(key, needed)
        if value is None:
            return None
        try:
            number = int(value) if not isinstance(value, (bool, float)) else None
        except (TypeError, ValueError):
            number = None
        if number is None:
            self.fail(key, "NUMBER_TYPE_COERCE", f'Value "{value}" is not int.')
            return None
        if low is not None and number < low:
            self.fail(key, "NUMBER_TYPE_MIN", f"int value should be greater than or equal to {low}.")
        elif high is not None and number > high:
            self.fail(key, "NUMBER_TYPE_MAX", f"int value should be less than or equal to {high}.")
        else:
            return number
        return None

    def choice(self, key: str, allowed: Collection[int], *, needed: bool = False) -> int | None:
        """An integer out of a set."""
        number = self.integer(key, needed=needed)
        if number is not None and number not in allowed:
            listed = ", ".join(str(one) for one in sorted(allowed))
            self.fail(key, "BASE_TYPE_CHOICES", f"Value must be one of ({listed}).")
            return None
        return number

    def boolean(self, key: str) -> bool | None:
        value = self.data.get(key)
        if value is not None and not isinstance(value, bool):
            self.fail(key, "BOOLEAN_TYPE_CONVERT", "Must be either true or false.")
            return None
        return value

    def snowflake(self, key: str, *, needed: bool = False) -> str | None:
        value = self._present(key, needed)
        if value is None:
            return None
        if not is_snowflake(value):
            self.fail(key, "NUMBER_TYPE_COERCE", f'Value "{value}" is not snowflake.')
            return None
        return str(value)

    def items(self, key: str, *, low: int = 0, high: int | None = None, needed: bool = False) -> list[Any] | None:
        """A list of `low` to `high` entries."""
        value = self._present(key, needed)
        if value is None:
            return None
        if not isinstance(value, list):
            self.fail(key, "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
            return None
        return value if self._fits_length(key, len(value), low, high) else None

    def snowflakes(self, key: str, *, low: int = 0, high: int | None = None) -> list[str] | None:
        """A list of ids."""
        values = self.items(key, low=low, high=high)
        if values is None:
            return None
        for index, value in enumerate(values):
            if not is_snowflake(value):
                path = (*self.path, key, index)
                self.problems.add(path, "NUMBER_TYPE_COERCE", f'Value "{value}" is not snowflake.')
        return [str(value) for value in values]

    def forms(self, key: str, *, low: int = 0, high: int | None = None, needed: bool = False) -> list[Form] | None:
        """A list of objects, each at its own path."""
        values = self.items(key, low=low, high=high, needed=needed)
        if values is None:
            return None
        return [Form(value, self.problems, (*self.path, key, index)) for index, value in enumerate(values)]

    def form(self, key: str, *, needed: bool = False) -> Form | None:
        """A nested object."""
        value = self._present(key, needed)
        return None if value is None else Form(value, self.problems, (*self.path, key))

    def url(self, key: str, schemes: Sequence[str] = ("http", "https"), *, high: int = 2048) -> str | None:
        """An address with one of `schemes`."""
        value = self.text(key, high=high)
        if value is None:
            return None
        scheme, rest = urlsplit(value).scheme, value.partition("://")[2]
        if scheme not in schemes or not rest:
            if scheme and rest:
                listed = ", ".join(f"'{one}'" for one in schemes)
                self.fail(key, "URL_TYPE_INVALID_SCHEME", f'Scheme "{scheme}" must be one of ({listed}).')
            else:
                self.fail(key, "URL_TYPE_INVALID_URL", "Not a well formed URL.")
            return None
        return value

    def moment(self, key: str) -> datetime | None:
        """An ISO 8601 timestamp; one without an offset is UTC."""
        value = self.text(key)
        if not value:
            return None
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            self.fail(key, "DATE_TIME_TYPE_PARSE", f"Could not parse {value}. Should be ISO8601.")
            return None
        return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)

    def _present(self, key: str, needed: bool) -> Any:
        if needed and not self.required(key):
            return None
        return self.data.get(key)

    def _fits_length(self, key: str, length: int, low: int, high: int | None) -> bool:
        if low <= length and (high is None or length <= high):
            return True
        if low and high is not None:
            self.fail(key, "BASE_TYPE_BAD_LENGTH", f"Must be between {low} and {high} in length.")
        elif length < low:
            self.fail(key, "BASE_TYPE_MIN_LENGTH", f"Must be {low} or more in length.")
        else:
            self.fail(key, "BASE_TYPE_MAX_LENGTH", f"Must be {high} or fewer in length.")
        return False
