"""One request to the Sheets API: its parameters and its body, checked as Google checks them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from multidict import MultiMapping

from coreops_sandbox.sheets.a1 import Area, named, parse
from coreops_sandbox.sheets.errors import bad_range, invalid, refused
from coreops_sandbox.sheets.spreadsheets import Spreadsheet
from coreops_sandbox.sheets.tab import Tab

_ANYWHERE = frozenset({"alt", "fields", "key", "prettyPrint", "quotaUser", "$.xgafv", "access_token", "oauth_token"})
"""Parameters that every method takes (Google Cloud, "System parameters")."""
RENDER = ("FORMATTED_VALUE", "UNFORMATTED_VALUE", "FORMULA")
DATES = ("SERIAL_NUMBER", "FORMATTED_STRING")
INPUT = ("RAW", "USER_ENTERED")
MAJOR = ("ROWS", "COLUMNS")
INSERT = ("OVERWRITE", "INSERT_ROWS")


@dataclass(frozen=True, slots=True)
class Place:
    """A range that exists: a sheet, and cells of it that begin in its grid."""

    tab: Tab
    area: Area
    text: str

    @property
    def name(self) -> str:
        """The range as answers show it: cut at the grid's ends."""
        return named(self.tab.title, self.tab.closed(self.area))


@dataclass(frozen=True, slots=True)
class Call:
    """What a method works with.

    Args:
        spreadsheet: The one it is about.
        query: Parameters.
        body: The decoded JSON; empty if there was none.
        range: The one of the path; empty if the method has none.
    """

    spreadsheet: Spreadsheet
    query: MultiMapping[str]
    body: Mapping[str, Any]
    range: str = ""

    def allow(self, *parameters: str) -> None:
        """Raise GoogleError for a parameter that the method does not have."""
        for name in self.query:
            if name not in _ANYWHERE and name not in parameters:
                text = (
                    f'Invalid JSON payload received. Unknown name "{name}": Cannot bind query parameter. '
                    f"Field '{name}' could not be found in request message."
                )
                raise invalid(text, name)

    def choice(self, name: str, choices: Sequence[str], *, required: bool = False) -> str:
        """An enumeration's value, of the query or the body; the first of its choices if it is not given."""
        value = self.query.get(name, self.body.get(name))
        if value is None or str(value).endswith("_UNSPECIFIED"):
            if required:
                raise refused(400, f"'{name}' is required but not specified")
            return choices[0]
        if value not in choices:
            snake = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)
            kind = f"type.googleapis.com/google.apps.sheets.v4.{name[0].upper()}{name[1:]}"
            raise invalid(f"Invalid value at '{snake}' ({kind}), \"{value}\"", snake)
        return str(value)

    def flag(self, name: str) -> bool:
        """A boolean of the query or the body."""
        return str(self.query.get(name, self.body.get(name, False))).lower() in {"true", "1"}

    def place(self, text: str) -> Place:
        """What a range names; raises GoogleError if there is no such sheet or it begins outside the grid."""
        try:
            title, area = parse(text)
        except ValueError:
            raise bad_range(text) from None
        visible = (tab for tab in self.spreadsheet.tabs if not tab.look.get("hidden"))
        tab = next(visible, None) if title is None else self.spreadsheet.tab(title)
        if tab is None:
            raise bad_range(text)
        if tab.starts_outside(area):
            raise outside(tab, text)
        return Place(tab, area, text)


def only(body: Mapping[str, Any], names: Sequence[str], where: str = "") -> None:
    """Raise GoogleError for a field of the body that there is not."""
    for name in body:
        if name not in names:
            at = f" at '{where}'" if where else ""
            raise invalid(
                f'Invalid JSON payload received. Unknown name "{name}"{at}: Cannot find field.', where or None
            )


def text(value: Any, field: str) -> str:
    """A string of the body, empty if it is null; raises GoogleError for anything else."""
    if value is not None and not isinstance(value, str):
        raise invalid(f"Invalid value at '{field}' (TYPE_STRING), {value}", field)
    return value or ""


def outside(tab: Tab, text: str) -> Exception:
    """400 for a range beyond the grid."""
    return refused(
        400, f"Range ({_bare(text, tab)}) exceeds grid limits. Max rows: {tab.rows}, max columns: {tab.columns}"
    )


def _bare(text: str, tab: Tab) -> str:
    """The range as the message shows it: with the sheet's title, quoted only where needed."""
    cells = text.rpartition("!")[2]
    return f"{named(tab.title, Area(0, 0, 1, 1)).rpartition('!')[0]}!{cells}"
