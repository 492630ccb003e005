"""The bucket ``welcome_templates``: what a welcome says, with placeholders that are checked when the tab is read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from coreops_hookspecs import BucketSpec, Cache, Column, Commands, Snapshot
from coreops_hookspecs.errors import UsageError
from coreops_hookspecs.placeholders import only_placeholders

__all__ = ["GENERAL", "NOTICE", "PLACEHOLDERS", "TEMPLATES", "TICKET", "Template", "read", "template_for"]

PLACEHOLDERS: Final = ("member", "clan", "tag", "leader", "note", "channel")

GENERAL: Final = "*"
"""In place of a tag: the row for clans without one of their own, and for members who join the server."""

NOTICE: Final = "*notice"
"""In place of a tag: the row of the notice for everybody, where a welcome went to a channel of its own."""


TICKET: Final = "*ticket"
"""In place of a tag: the row with which a new ticket is greeted."""


@dataclass(frozen=True, slots=True)
class Template:
    """One row of the tab ``welcome_templates``.

    Args:
        clan_tag: Whose welcome it is, or ``*``, ``*notice``, ``*ticket``.
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
    toggles=("welcome", "welcome_join", "welcome_tickets"),
)


def read(cache: Cache) -> Snapshot[Template]:
    """Return the templates. Raises BucketColdError where they were never read."""
    return cache.get_snapshot("welcome_templates")


def template_for(cache: Cache, commands: Commands, tag: str) -> Template:
    """Return the row of a clan, or the general one where the clan has none.

    Raises:
        BucketColdError: the tab was never read.
        UsageError: there is neither.
    """
    rows = read(cache)
    found = rows.get(tag) or rows.get(GENERAL)
    if found is None:
        hint = commands.say(
            "Add a row for it, or one for `{general}`, to the tab `welcome_templates`, then run `welcome-refresh`.",
            general=GENERAL,
        )
        if rows.problem_count:
            hint = commands.say("Rows of the tab `welcome_templates` could not be read; `welcome-refresh` shows which.")
        msg = f"no row for {tag!r} and none for {GENERAL!r} in tab welcome_templates"
        raise UsageError(msg, user_message=f"{commands.say('There is no welcome text for `{tag}`.', tag=tag)} {hint}")
    return found
