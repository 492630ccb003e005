"""The requests of ``spreadsheets.batchUpdate`` that are understood (Sheets API: Request)."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Struct, UnsetType

Count = Annotated[int, msgspec.Meta(ge=1, le=10_000_000)]
SheetId = Annotated[int, msgspec.Meta(ge=0, lt=2**31)]
Index = Annotated[int, msgspec.Meta(ge=0, le=10_000_000)]


class _Model(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """What all of them share: a field that is not here is refused by name."""


class GridProperties(_Model, frozen=True):
    """The size of a grid; the rest is only kept."""

    row_count: Count | UnsetType = UNSET
    column_count: Count | UnsetType = UNSET
    frozen_row_count: Index | UnsetType = UNSET
    frozen_column_count: Index | UnsetType = UNSET
    hide_gridlines: bool | UnsetType = UNSET
    row_group_control_after: bool | UnsetType = UNSET
    column_group_control_after: bool | UnsetType = UNSET


class SheetProperties(_Model, frozen=True):
    """Properties of a sheet; those that are set by more than their name come first."""

    sheet_id: SheetId | UnsetType = UNSET
    title: str | UnsetType = UNSET
    index: Index | UnsetType = UNSET
    grid_properties: GridProperties | UnsetType = UNSET
    sheet_type: Literal["GRID"] | UnsetType = UNSET
    hidden: bool | UnsetType = UNSET
    right_to_left: bool | UnsetType = UNSET
    tab_color: dict[str, Any] | UnsetType = UNSET
    tab_color_style: dict[str, Any] | UnsetType = UNSET


class AddSheet(_Model, frozen=True):
    """A new sheet."""

    properties: SheetProperties = SheetProperties()


class DeleteSheet(_Model, frozen=True):
    """A sheet goes."""

    sheet_id: SheetId = 0


class UpdateSheetProperties(_Model, frozen=True):
    """The named fields of a sheet get new values."""

    properties: SheetProperties = SheetProperties()
    fields: str = ""


class UpdateSpreadsheetProperties(_Model, frozen=True):
    """Likewise the spreadsheet's."""

    properties: dict[str, Any] = {}
    fields: str = ""


class DimensionRange(_Model, frozen=True):
    """Rows or columns that stand side by side, counted from 0, the end not included."""

    dimension: Literal["ROWS", "COLUMNS"]
    sheet_id: SheetId = 0
    start_index: Index = 0
    end_index: Index | None = None


class InsertDimension(_Model, frozen=True):
    """Empty rows or columns; where their format comes from makes no difference here."""

    range: DimensionRange
    inherit_from_before: bool = False


class DeleteDimension(_Model, frozen=True):
    """Rows or columns go with what they hold."""

    range: DimensionRange


class ExtendedValue(_Model, frozen=True):
    """The content of a cell, one of these."""

    number_value: float | None = None
    string_value: str | None = None
    bool_value: bool | None = None
    formula_value: str | None = None


class CellData(Struct, frozen=True, kw_only=True, rename="camel"):
    """A cell; its format and notes are ignored."""

    user_entered_value: ExtendedValue = ExtendedValue()


class RowData(_Model, frozen=True):
    """Cells from the first column on."""

    values: list[CellData] = []


class AppendCells(_Model, frozen=True):
    """Rows below the last one of the sheet with data."""

    sheet_id: SheetId = 0
    rows: list[RowData] = []
    fields: str = ""


Request = (
    AddSheet
    | DeleteSheet
    | UpdateSheetProperties
    | UpdateSpreadsheetProperties
    | InsertDimension
    | DeleteDimension
    | AppendCells
)
KINDS: dict[str, type[Request]] = {
    "addSheet": AddSheet,
    "deleteSheet": DeleteSheet,
    "updateSheetProperties": UpdateSheetProperties,
    "updateSpreadsheetProperties": UpdateSpreadsheetProperties,
    "insertDimension": InsertDimension,
    "deleteDimension": DeleteDimension,
    "appendCells": AppendCells,
}
