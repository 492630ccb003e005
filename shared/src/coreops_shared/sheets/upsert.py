"""Rows that replace those with the same key and are appended where there is none. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from coreops_hookspecs import Table, Upserted
from coreops_hookspecs.errors import SheetsSchemaError
from coreops_shared.sheets.a1 import cell_name
from coreops_shared.sheets.headers import folded
from coreops_shared.suggest import did_you_mean

__all__ = ["Changes", "changes"]


@dataclass(frozen=True, slots=True)
class Changes:
    """What has to be written.

    Args:
        blocks: Single cells of rows that exist.
        rows: Rows to append.
        result: What came of each row.
    """

    blocks: tuple[tuple[str, Sequence[Sequence[str]]], ...]
    rows: tuple[tuple[str, ...], ...]
    result: Upserted


def changes(table: Table, key: str, rows: Sequence[Mapping[str, str]]) -> Changes:
    """Compare rows with a tab.

    Args:
        table: The tab as it is.
        key: Header of the column whose text, whatever its case, identifies a row.
        rows: Texts by header; a header that is not named leaves its cell as it is.

    Raises:
        SheetsSchemaError: a header is missing or repeated, or a key is blank or repeated, in the tab or among the rows.
    """
    columns = _columns(table, {key, *(name for row in rows for name in row)})
    place = columns[folded(key)]
    existing = _existing(table, place)
    blocks: list[tuple[str, Sequence[Sequence[str]]]] = []
    added: list[tuple[str, ...]] = []
    updated = unchanged = 0
    seen: set[str] = set()
    for row in rows:
        cells = {columns[folded(name)]: text for name, text in row.items()}
        wanted = cells.get(place, "").strip().casefold()
        if not wanted:
            raise _error(table, f'one of them has no "{key}"')
        if wanted in seen:
            raise _error(table, f'two of them have the "{key}" {wanted}')
        seen.add(wanted)
        if wanted not in existing:
            added.append(tuple(cells.get(column, "") for column in range(max(cells) + 1)))
            continue
        number = existing[wanted]
        before = table.rows[number - 1]
        different = [
            (cell_name(number, column + 1), [[text]])
            for column, text in sorted(cells.items())
            if column != place and text != (before[column] if column < len(before) else "")
        ]
        blocks += different
        updated += bool(different)
        unchanged += not different
    return Changes(tuple(blocks), tuple(added), Upserted(updated, len(added), unchanged))


def _columns(table: Table, names: set[str]) -> dict[str, int]:
    headers = [folded(header) for header in table.headers]
    problems = []
    for name in sorted(names):
        count = headers.count(folded(name))
        if count == 0:
            problems.append(f'no column "{name}"{did_you_mean(name, table.headers)}')
        elif count > 1:
            problems.append(f'column "{name}" stands {count} times')
    if problems:
        raise _error(table, "; ".join(problems), problems)
    return {folded(name): headers.index(folded(name)) for name in names}


def _existing(table: Table, place: int) -> dict[str, int]:
    """Return the numbers of the rows by key."""
    numbers: dict[str, int] = {}
    for number, row in enumerate(table.rows[1:], start=2):
        key = row[place].strip().casefold() if place < len(row) else ""
        if key in numbers:
            cells = f"{cell_name(numbers[key], place + 1)} and {cell_name(number, place + 1)}"
            raise _error(table, f"{cells} have the same key; make them different")
        if key:
            numbers[key] = number
    return numbers


def _error(table: Table, what: str, problems: Sequence[str] = ()) -> SheetsSchemaError:
    return SheetsSchemaError(
        f'tab "{table.tab}" of spreadsheet "{table.spreadsheet}" cannot take the rows: {what}',
        problems=problems or (what,),
        user_message=f'The tab "{table.tab}" cannot take the rows: {what}.',
    )
