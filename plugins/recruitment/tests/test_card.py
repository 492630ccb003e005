"""What a clan looks like."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import hikari
import pytest

from coreops_hookspecs import BucketStatus, CardField
from coreops_recruitment.card import clan_card
from coreops_recruitment.clans import Clan

READ = datetime(2026, 1, 1, 12, tzinfo=UTC)


class Cards:
    """Draws cards without the runtime."""

    say = staticmethod(str.format)

    def card(self, title: str, text: Sequence[str] = "", *, fields: Sequence[CardField] = (), **_: Any) -> hikari.Embed:
        return hikari.Embed(title=title, description="\n".join(text))


def status(*, stale: bool = False, restored: bool = False) -> BucketStatus:
    return BucketStatus(
        name="clans",
        plugin="recruitment",
        spreadsheet="s",
        tab="clans",
        available=True,
        stale=stale,
        restored=restored,
        age=60.0,
        ttl=60.0,
        next_refresh_at=None,
        loaded_at=READ,
        rows=1,
        problem_count=0,
        problems=(),
        revision=1,
        duration=None,
        retries=0,
        last_actor="",
        last_result="ok",
        last_error="",
        failing_since=None,
    )


@pytest.mark.parametrize(
    ("stale", "restored", "told"), [(False, False, False), (True, False, True), (False, True, True)]
)
def test_old_data_says_how_old_it_is(stale: bool, restored: bool, told: bool) -> None:
    cards: Any = Cards()
    card = clan_card(Clan("EMB", "Ember", 1, 1, 2), "profile", status(stale=stale, restored=restored), cards)
    assert (f"data from <t:{int(READ.timestamp())}:R>" in (card.description or "")) is told
