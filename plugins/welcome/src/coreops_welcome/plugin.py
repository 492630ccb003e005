"""The hooks of the ``welcome`` plugin."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import hikari

from coreops_hookspecs import (
    BucketSpec,
    Command,
    HealthCheck,
    JobSpec,
    Listener,
    PluginInfo,
    Setting,
    Texts,
    Toggle,
    hookimpl,
)
from coreops_welcome.check import check_welcome
from coreops_welcome.command import Welcome
from coreops_welcome.hearing import thread_created, thread_deleted, thread_updated, written
from coreops_welcome.joining import greet
from coreops_welcome.refreshing import WelcomeRefresh
from coreops_welcome.reminding import look_after_tickets
from coreops_welcome.templates import TEMPLATES
from coreops_welcome.tickets import TICKETS

__all__ = [
    "coreops_cache_buckets",
    "coreops_commands",
    "coreops_feature_toggles",
    "coreops_health_checks",
    "coreops_jobs",
    "coreops_listeners",
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
def coreops_settings() -> Sequence[Setting]:
    """Declare where welcomes are posted, which threads are tickets, and when those are idle."""
    return [
        Setting("WELCOME_CHANNEL_ID", int, help="Id of the channel for welcomes whose row names no channel of its own"),
        Setting("TICKETS_CHANNEL_ID", int, help="Id of the channel whose threads are tickets"),
        Setting("TICKET_BOT_ID", int, help="Id of the bot that opens tickets; without it every thread there is one"),
        Setting("TICKET_NUDGE_HOURS", float, 3.0, help="Idle hours after which a ticket is asked about", minimum=0),
        Setting("TICKET_WARN_HOURS", float, 24.0, help="Idle hours after which its closing is announced", minimum=0),
        Setting("TICKET_CLOSE_HOURS", float, 36.0, help="Idle hours after which it is closed", minimum=0),
    ]


@hookimpl
def coreops_feature_toggles() -> Sequence[Toggle]:
    """Declare the switches of the features."""
    return [
        Toggle("welcome", "The command welcome, with which recruiters post a clan's text"),
        Toggle("welcome_join", "A greeting for every member who joins the server"),
        Toggle("welcome_tickets", "Rows for ticket threads, and reminders in idle ones"),
    ]


@hookimpl
def coreops_cache_buckets() -> Sequence[BucketSpec[Any]]:
    """Declare the welcome texts and the tickets."""
    return [TEMPLATES, TICKETS]


@hookimpl
def coreops_commands() -> Sequence[Command]:
    """Declare ``welcome`` and ``welcome-refresh``."""
    return [
        Command(Welcome, toggle="welcome", rest="note", section=SECTION, examples=("EMB",)),
        Command(WelcomeRefresh, toggle="welcome", section=SECTION),
    ]


@hookimpl
def coreops_listeners() -> Sequence[Listener]:
    """Declare what greets members who join and what follows ticket threads."""
    return [
        Listener(hikari.MemberCreateEvent, greet),
        Listener(hikari.GuildThreadCreateEvent, thread_created),
        Listener(hikari.GuildThreadUpdateEvent, thread_updated),
        Listener(hikari.GuildThreadDeleteEvent, thread_deleted),
        Listener(hikari.GuildMessageCreateEvent, written),
    ]


@hookimpl
def coreops_jobs() -> Sequence[JobSpec]:
    """Declare what reminds in idle tickets."""
    return [
        JobSpec(
            "welcome.tickets",
            look_after_tickets,
            every=timedelta(minutes=5),
            help="Reminds in idle tickets and closes them",
        )
    ]


@hookimpl
def coreops_health_checks() -> Sequence[HealthCheck]:
    """Declare the check of the texts."""
    return [HealthCheck("texts", check_welcome)]


@hookimpl
def coreops_texts() -> Sequence[Texts]:
    """Declare what is said in other languages."""
    return Texts.load(__name__)
