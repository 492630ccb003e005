"""The bucket ``welcome_templates``: what a welcome says, with placeholders that are checked when the tab is read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from coreops_hookspecs import BucketSpec, Cache, Column, Snapshot
from coreops_hookspecs.errors import BucketColdError, UsageError
from coreops_hookspecs.placeholders import only_placeholders

__all__ = ["GENERAL", "PLACEHOLDERS", "TEMPLATES", "Template", "read", "template_for"]

PLACEHOLDERS: Final = ("member", "clan", "tag", "leader", "note")

GENERAL: Final = "*"
"""In place of a tag: the row for clans without one of their own, and for members who join the server."""


@dataclass(frozen=True, slots=True)
class Template:
    """One row of the tab ``welcome_templates``.

    Args:
        clan_tag: Whose welcome it is, or ``*``.
        text: What it says.
        title: Its heading.
        ping: Whether the member is notified.
        crest_url: Picture beside it; the clan's own crest without one.
        channel: Id of the channel that it goes to; 0 for that of ``WELCOME_CHANNEL_ID``.
    """

    clan_tag: str
    text: str
    title: str = "Welcome!"
    ping: bool = False
    crest_url: str = ""
    channel: int = 0


TEMPLATES: Final = BucketSpec(
    name="welcome_templates",
    spreadsheet="RECRUITMENT_SHEET_ID",
    tab="welcome_templates",
    record=Template,
    key="clan_tag",
    columns=(
        Column("title", parser=only_placeholders(*PLACEHOLDERS)),
        Column("text", parser=only_placeholders(*PLACEHOLDERS)),
    ),
    ttl=timedelta(days=7),
)


def read(cache: Cache) -> Snapshot[Template]:
    """Return the templates.

    Raises:
        BucketColdError: they were never read; the message tells what to do.
    """
    try:
        return cache.get_snapshot("welcome_templates")
    except BucketColdError as error:
        text = (
            "The welcome texts could not be read yet. Staff see the cause in `ops health` and read them again with "
            "`welcome-refresh`."
        )
        raise BucketColdError(str(error), user_message=text) from error


def template_for(cache: Cache, tag: str) -> Template:
    """Return the row of a clan, or the general one where the clan has none.

    Raises:
        BucketColdError: the tab was never read.
        UsageError: there is neither.
    """
    rows = read(cache)
    found = rows.get(tag) or rows.get(GENERAL)
    if found is None:
        hint = f"Add a row for it, or one for `{GENERAL}`, to the tab `welcome_templates`, then run `welcome-refresh`."
        if rows.problem_count:
            hint = "Rows of the tab `welcome_templates` could not be read; `welcome-refresh` shows which."
        msg = f"no row for {tag!r} and none for {GENERAL!r} in tab welcome_templates"
        raise UsageError(msg, user_message=f"There is no welcome text for `{tag}`. {hint}")
    return found
