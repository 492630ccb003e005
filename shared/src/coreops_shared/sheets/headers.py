"""From a record type and a header row to the plan by which rows are read.

The plan is made in two steps so that a declaration can be checked without a sheet: :func:`compile_spec` looks at the
record only, :meth:`RecordPlan.bind` finds its columns in a header row.
"""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, get_type_hints

import msgspec

from coreops_hookspecs import BucketSpec, Column, JsonTable, Table
from coreops_hookspecs.errors import DeclarationError, SheetsSchemaError
from coreops_shared.sheets.a1 import cell_name
from coreops_shared.sheets.cells import CellReader, cell_reader, restricted
from coreops_shared.sheets.locales import NEUTRAL, Locale
from coreops_shared.suggest import did_you_mean

__all__ = ["BoundColumn", "FieldPlan", "RecordPlan", "compile_spec", "folded"]

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class FieldPlan:
    """How one field of a record is found and read.

    Args:
        field: Its name.
        names: Its headers, the preferred one first.
        reader: Reads its cells.
        default: Makes its default; ``None`` without one.
    """

    field: str
    names: tuple[str, ...]
    reader: CellReader
    default: Callable[[], Any] | None

    @property
    def blank(self) -> Callable[[], Any] | None:
        """What makes the value of a blank cell; ``None`` if the cell must not be blank."""
        return self.default or (_nothing if self.reader.nullable else None)


@dataclass(frozen=True, slots=True)
class BoundColumn:
    """A field's plan with the index of its column, counted from 0."""

    plan: FieldPlan
    index: int


@dataclass(frozen=True, slots=True)
class RecordPlan(Generic[R]):
    """What a bucket's record asks of a tab."""

    spec: BucketSpec[R]
    fields: tuple[FieldPlan, ...]

    def bind(self, table: Table | JsonTable, headers: Sequence[str]) -> tuple[BoundColumn, ...]:
        """Find the fields' columns in the header row of a tab, in any order.

        Case, blanks, hyphens and underscores do not matter. A field with a default may have no column; columns of no
        field are ignored.

        Raises:
            SheetsSchemaError: with every missing and every repeated header.
        """
        by_header: dict[str, list[int]] = {}
        for index, header in enumerate(headers):
            by_header.setdefault(folded(header), []).append(index)
        bound: list[BoundColumn] = []
        problems: list[str] = []
        for plan in self.fields:
            indexes = next((found for name in plan.names if (found := by_header.get(folded(name)))), [])
            if len(indexes) == 1:
                bound.append(BoundColumn(plan, indexes[0]))
            elif indexes:
                cells = ", ".join(cell_name(1, index + 1) for index in indexes)
                problems.append(f'column "{plan.names[0]}" stands {len(indexes)} times: {cells}')
            elif plan.default is None:
                free = [header for header in headers if not self._claims(header)]
                problems.append(f'no column "{plan.names[0]}"{did_you_mean(plan.names[0], free)}')
        if problems:
            raise _schema_error(self.spec, table, headers, problems)
        return tuple(bound)

    def _claims(self, header: str) -> bool:
        wanted = folded(header)
        return any(wanted == folded(name) for plan in self.fields for name in plan.names)


def compile_spec(spec: BucketSpec[R], locale: Locale = NEUTRAL) -> RecordPlan[R]:
    """Look at a bucket's record and columns.

    Args:
        spec: The bucket.
        locale: How its cells are written.

    Raises:
        DeclarationError: the record is no dataclass or Struct, a field's type cannot be read from a cell, the key or a
            column names no field.
    """
    declared = {column.field: column for column in spec.columns}
    plans: list[FieldPlan] = []
    for name, annotation, default in _record_fields(spec):
        column = declared.pop(name, None) or Column(name)
        headers = (column.header or column.field, *column.aliases)
        plans.append(FieldPlan(name, headers, _reader(spec, column, annotation, locale), default))
    names = [plan.field for plan in plans]
    strangers = [*declared, *([] if spec.key in names else [spec.key])]
    if strangers:
        listed = ", ".join(f'"{name}"{did_you_mean(name, names)}' for name in strangers)
        raise DeclarationError(f'bucket "{spec.name}": {spec.record.__name__} has no field {listed}')
    return RecordPlan(spec, tuple(plans))


def _record_fields(spec: BucketSpec[Any]) -> Iterator[tuple[str, Any, Callable[[], Any] | None]]:
    record = spec.record
    try:
        if inspect.isclass(record) and issubclass(record, msgspec.Struct):
            for field in msgspec.structs.fields(record):
                yield field.name, field.type, _default(field.default, field.default_factory, msgspec.NODEFAULT)
            return
        if dataclasses.is_dataclass(record):
            hints = get_type_hints(record, include_extras=True)
            for item in dataclasses.fields(record):
                if item.init:
                    yield item.name, hints[item.name], _default(item.default, item.default_factory, dataclasses.MISSING)
            return
    except NameError as error:
        raise DeclarationError(
            f'bucket "{spec.name}": the annotations of {record.__name__} cannot be resolved ({error}); define '
            "it and its types at the top of a module"
        ) from error
    raise DeclarationError(f'bucket "{spec.name}": {record!r} is neither a dataclass nor a msgspec Struct')


def _default(value: Any, factory: Any, missing: object) -> Callable[[], Any] | None:
    if factory is not missing:
        made: Callable[[], Any] = factory
        return made
    return None if value is missing else lambda: value


def _nothing() -> None:
    return None


def _reader(spec: BucketSpec[Any], column: Column, annotation: Any, locale: Locale) -> CellReader:
    if column.parser is not None:
        reader = CellReader(column.parser, "", pure=False)  # its own errors say what it expects
    else:
        try:
            reader = cell_reader(annotation, locale)
        except TypeError as error:
            where = f'bucket "{spec.name}": field "{column.field}" of {spec.record.__name__}'
            raise DeclarationError(f"{where}: {error}; give its Column a parser") from error
    return restricted(reader, column.choices) if column.choices else reader


def _schema_error(
    spec: BucketSpec[Any], table: Table | JsonTable, headers: Sequence[str], problems: Sequence[str]
) -> SheetsSchemaError:
    place = f'tab "{table.tab}" of spreadsheet "{table.spreadsheet}"'
    found = "its header row is empty" if not any(headers) else "; ".join(problems)
    return SheetsSchemaError(
        f'{place} does not fit bucket "{spec.name}": {found}',
        problems=problems,
        user_message=f'The tab "{table.tab}" lacks columns that "{spec.name}" needs: {found}.',
    )


def folded(header: str) -> str:
    """Return what makes a header the same as another: neither case nor blanks, hyphens and underscores do."""
    return "".join(letter for letter in header.casefold() if letter not in " \t\n\u00a0_-")
