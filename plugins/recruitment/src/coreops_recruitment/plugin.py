"""The hooks of the ``recruitment`` plugin."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import lightbulb

from coreops_hookspecs import (
    BucketSpec,
    Command,
    Control,
    HealthCheck,
    JobSpec,
    PluginInfo,
    Setting,
    Texts,
    Toggle,
    hookimpl,
)
from coreops_recruitment.browse import MATCH, SEARCH, browse_controls
from coreops_recruitment.card import FLIP, flip
from coreops_recruitment.check import check_clans
from coreops_recruitment.clans import CLAN_TAGS, CLANS
from coreops_recruitment.command import ShowClan
from coreops_recruitment.finding import MatchClans, SearchClans
from coreops_recruitment.reporting import ReportRecruiters
from coreops_recruitment.room import coreops_recruitment_holds
from coreops_recruitment.templates import TEMPLATES
from coreops_recruitment.update import post_daily

__all__ = [
    "coreops_addhooks",
    "coreops_cache_buckets",
    "coreops_commands",
    "coreops_controls",
    "coreops_feature_toggles",
    "coreops_health_checks",
    "coreops_jobs",
    "coreops_plugin_info",
    "coreops_settings",
    "coreops_texts",
]

SECTION = "Recruitment"


@hookimpl
def coreops_plugin_info() -> PluginInfo:
    """Say who this is, as the manifest does."""
    return PluginInfo.load(__name__)


@hookimpl
def coreops_addhooks() -> Sequence[Callable[..., Any]]:
    """Add the hook by which other plugins say which places they hold."""
    return [coreops_recruitment_holds]


@hookimpl
def coreops_settings() -> Sequence[Setting]:
    """Declare where and when the daily report is posted."""
    return [
        Setting("RECRUITERS_CHANNEL_ID", int, help="Id of the channel for the daily recruiters' report"),
        Setting("REPORT_DAILY_POST_TIME", str, "09:00", help="Time of day of the daily recruiters' report, as 09:00"),
        Setting("REPORT_TIMEZONE", str, "UTC", help="Time zone of that time and of the report's days"),
    ]


@hookimpl
def coreops_feature_toggles() -> Sequence[Toggle]:
    """Declare the switches of the features."""
    return [
        Toggle("recruitment", "Clan cards and the clan search for members"),
        Toggle("recruitment_report", "The recruiters' report, daily and on demand"),
    ]


@hookimpl
def coreops_cache_buckets() -> Sequence[BucketSpec[Any]]:
    """Declare the clan list, other names of clans, and the recruiters' texts."""
    return [CLANS, CLAN_TAGS, TEMPLATES]


@hookimpl
def coreops_commands() -> Sequence[Command]:
    """Declare ``clan``, ``clansearch``, ``clanmatch`` and ``report recruiters``."""
    report = lightbulb.Group("report", "Reports for those who recruit")
    report.register(ReportRecruiters)
    return [
        Command(ShowClan, toggle="recruitment", rest="tag", section=SECTION, examples=("EMB", "Ember Vanguard")),
        Command(SearchClans, toggle="recruitment", section=SECTION),
        Command(MatchClans, toggle="recruitment", section=SECTION, examples=("20",)),
        Command(report, toggle="recruitment_report", section=SECTION),
    ]


@hookimpl
def coreops_controls() -> Sequence[Control]:
    """Declare what answers the card's button, and the menus and buttons of the two searches."""
    return [Control(FLIP, flip, command="clan"), *browse_controls(SEARCH), *browse_controls(MATCH)]


@hookimpl
def coreops_jobs() -> Sequence[JobSpec]:
    """Declare the daily report."""
    return [
        JobSpec(
            "recruitment.report",
            post_daily,
            cron="0 9 * * *",
            at="REPORT_DAILY_POST_TIME",
            zone="REPORT_TIMEZONE",
            help="Posts the recruiters' report",
        )
    ]


@hookimpl
def coreops_health_checks() -> Sequence[HealthCheck]:
    """Declare the check of the clan list."""
    return [HealthCheck("clans", check_clans)]


@hookimpl
def coreops_texts() -> Sequence[Texts]:
    """Declare what is said in other languages."""
    return Texts.load(__name__)
