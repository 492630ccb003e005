"""Typed rows: a tab becomes records, in pieces, and every bad cell is named.

Text is read row by row. Bytes of a large tab are read by the block, with the same result.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from typing import Final, TypeVar

from coreops_hookspecs import BucketSpec, JsonTable, Table
from coreops_shared.sheets.by_block import BlockReader
from coreops_shared.sheets.by_row import RowReader
from coreops_shared.sheets.collected import Collected, Parsed
from coreops_shared.sheets.headers import RecordPlan, compile_spec
from coreops_shared.sheets.locales import NEUTRAL, Locale
from coreops_shared.sheets.pieces import PIECE, first_row, read_pieces, text_of

__all__ = ["Parsed", "aparse", "parse"]

R = TypeVar("R")

BUDGET: Final = 0.001
"""Seconds of reading before the event loop gets its turn; a timer that is due may have to wait for three turns."""

_ROWS: Final = 50
"""Rows of text read before the time is looked at: less than a millisecond."""


def parse(spec: BucketSpec[R], table: Table | JsonTable, *, locale: Locale = NEUTRAL, piece: int = PIECE) -> Parsed[R]:
    """Read a whole table at once.

    Args:
        spec: The bucket.
        table: Its tab.
        locale: How cells are written.
        piece: Bytes read at once, and from which a table is worth the preparations of :class:`BlockReader`.

    Raises:
        SheetsSchemaError: headers are missing or repeated; all of them are listed.
        SheetsUnavailableError: the table's bytes are no rows.
        DeclarationError: the bucket's record cannot be read from cells.
    """
    collected, steps = _reading(compile_spec(spec, locale), table, piece)
    for _ in steps:
        pass
    return collected.result()


async def aparse(
    plan: RecordPlan[R],
    table: Table | JsonTable,
    *,
    budget: float = BUDGET,
    timer: Callable[[], float] = time.perf_counter,
) -> Parsed[R]:
    """Read a table like :func:`parse`, giving the event loop its turn after each ``budget`` seconds of ``timer``."""
    collected, steps = _reading(plan, table, PIECE)
    until = timer() + budget
    for _ in steps:
        if timer() >= until:
            await asyncio.sleep(0)
            until = timer() + budget
    return collected.result()


def _reading(plan: RecordPlan[R], table: Table | JsonTable, piece: int) -> tuple[Collected[R], Iterator[None]]:
    if isinstance(table, JsonTable) and len(table.values) < piece:
        table = text_of(table)
    headers, at = (table.headers, 0) if isinstance(table, Table) else first_row(table)
    columns = plan.bind(table, headers)
    key_index = next((column.index for column in columns if column.plan.field == plan.spec.key), None)
    collected: Collected[R] = Collected((key_index or 0) + 1)
    by_row = RowReader(plan, columns, collected)
    if isinstance(table, JsonTable) and key_index is not None:
        by_block = BlockReader(plan, columns, len(headers), by_row, collected)
        return collected, read_pieces(table, at, by_block.read, piece)
    return collected, _by_row(text_of(table), by_row)


def _by_row(table: Table, reader: RowReader[R]) -> Iterator[None]:
    for number, row in enumerate(table.rows[1:], start=2):
        reader.read(number, row)
        if number % _ROWS == 0:
            yield
