"""The bucket ``templates``: texts of the recruiters' own, with placeholders that are checked when the tab is read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from coreops_hookspecs import BucketSpec, Cache, Column
from coreops_hookspecs.errors import BucketColdError
from coreops_hookspecs.placeholders import only_placeholders

__all__ = ["PLACEHOLDERS", "TEMPLATES", "Template", "filled"]

PLACEHOLDERS: Final = ("clans", "open_spots", "full")


@dataclass(frozen=True, slots=True)
class Template:
    """One row of the tab ``templates``.

    Args:
        name: Which text it is: the first lines of the recruiters' report.
        text: The text; ``{clans}``, ``{open_spots}`` and ``{full}`` are filled in.
    """

    name: str
    text: str


TEMPLATES: Final = BucketSpec(
    name="templates",
    spreadsheet="RECRUITMENT_SHEET_ID",
    tab="templates",
    record=Template,
    key="name",
    columns=(
        Column("name", choices=("report",)),
        Column("text", parser=only_placeholders(*PLACEHOLDERS)),
    ),
    ttl=timedelta(days=7),
    toggles=("recruitment_report",),
)


def filled(cache: Cache, name: str, values: dict[str, int]) -> str:
    """Return a template with its placeholders filled; empty where the tab has none of that name or was never read."""
    try:
        template: Template | None = cache.get_snapshot("templates").get(name)
    except BucketColdError:
        return ""
    return template.text.format_map(values) if template else ""
