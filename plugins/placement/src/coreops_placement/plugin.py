"""The hooks of the ``placement`` plugin."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import lightbulb

from coreops_hookspecs import (
    BucketSpec,
    Command,
    HealthCheck,
    JobSpec,
    PluginContext,
    PluginInfo,
    Setting,
    Texts,
    Toggle,
    hookimpl,
)
from coreops_hookspecs.errors import BucketColdError
from coreops_placement.book import open_book
from coreops_placement.check import check_reservations
from coreops_placement.jobs import release_ended, remind
from coreops_placement.listing import Reservations
from coreops_placement.records import RESERVATIONS
from coreops_placement.reserving import Extend, Release, Reserve

__all__ = [
    "coreops_cache_buckets",
    "coreops_commands",
    "coreops_feature_toggles",
    "coreops_health_checks",
    "coreops_jobs",
    "coreops_plugin_info",
    "coreops_recruitment_holds",
    "coreops_settings",
    "coreops_texts",
]

SECTION = "Placement"


@hookimpl
def coreops_plugin_info() -> PluginInfo:
    """Say who this is, as the manifest does."""
    return PluginInfo.load(__name__)


@hookimpl
def coreops_settings() -> Sequence[Setting]:
    """Declare for how long places are held, when holds end, and who is told."""
    return [
        Setting("RESERVATIONS_CHANNEL_ID", int, help="Id of the channel for reminders and releases of reservations"),
        Setting("RESERVATION_DEFAULT_DAYS", int, 3, minimum=0, maximum=365, help="Days for which a place is held"),
        Setting("RESERVATION_MAX_DAYS", int, 30, minimum=0, maximum=365, help="Days for which it is held at most"),
        Setting("RESERVATION_REMIND_TIME", str, "12:00", help="Time of day of reminders, as 12:00"),
        Setting("RESERVATION_RELEASE_TIME", str, "18:00", help="Time of day at which holds end on their last day"),
        Setting("RESERVATION_TIMEZONE", str, "UTC", help="Time zone of those times and of the holds' days"),
    ]


@hookimpl
def coreops_feature_toggles() -> Sequence[Toggle]:
    """Declare the switch of the feature."""
    return [Toggle("placement", "Places in clans held for newcomers")]


@hookimpl
def coreops_cache_buckets() -> Sequence[BucketSpec[Any]]:
    """Declare the reservations."""
    return [RESERVATIONS]


@hookimpl
def coreops_commands() -> Sequence[Command]:
    """Declare ``reserve add``, ``reserve extend``, ``reserve release`` and ``reservations``."""
    group = lightbulb.Group("reserve", "Hold places in clans for newcomers")
    for kind in (Reserve, Extend, Release):
        group.register(kind)
    return [
        Command(group, default="add", rest="note", toggle="placement", section=SECTION),
        Command(Reservations, rest="clan", toggle="placement", section=SECTION, examples=("EMB",)),
    ]


@hookimpl
async def coreops_recruitment_holds(ctx: PluginContext) -> Mapping[str, int] | None:
    """Tell the clan searches which places are held."""
    if not ctx.toggles.enabled("placement"):
        return None
    try:
        return Counter(hold.clan_tag for hold in open_book(ctx).holds)
    except BucketColdError:
        return None


@hookimpl
def coreops_jobs() -> Sequence[JobSpec]:
    """Declare the reminders at noon and the release in the evening."""
    return [
        JobSpec(
            "placement.remind",
            remind,
            cron="0 12 * * *",
            at="RESERVATION_REMIND_TIME",
            zone="RESERVATION_TIMEZONE",
            help="Reminds of reservations that end within a day",
        ),
        JobSpec(
            "placement.release",
            release_ended,
            cron="0 18 * * *",
            at="RESERVATION_RELEASE_TIME",
            zone="RESERVATION_TIMEZONE",
            help="Releases reservations that are over",
        ),
    ]


@hookimpl
def coreops_health_checks() -> Sequence[HealthCheck]:
    """Declare the check of the reservations."""
    return [HealthCheck("reservations", check_reservations)]


@hookimpl
def coreops_texts() -> Sequence[Texts]:
    """Declare what is said in other languages."""
    return Texts.load(__name__)
