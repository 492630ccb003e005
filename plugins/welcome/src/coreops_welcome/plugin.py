"""The hooks of the ``welcome`` plugin."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import hikari

from coreops_hookspecs import (
    BucketSpec,
    Command,
    HealthCheck,
    Listener,
    PluginInfo,
    Setting,
    Toggle,
    hookimpl,
)
from coreops_welcome.check import check_welcome
from coreops_welcome.command import Welcome
from coreops_welcome.joining import greet
from coreops_welcome.refreshing import WelcomeRefresh
from coreops_welcome.templates import TEMPLATES

__all__ = [
    "coreops_cache_buckets",
    "coreops_commands",
    "coreops_feature_toggles",
    "coreops_health_checks",
    "coreops_listeners",
    "coreops_plugin_info",
    "coreops_settings",
]

SECTION = "Recruitment"


@hookimpl
def coreops_plugin_info() -> PluginInfo:
    """Say who this is, as the manifest does."""
    return PluginInfo.load(__name__)


@hookimpl
def coreops_settings() -> Sequence[Setting]:
    """Declare where welcomes are posted."""
    return [
        Setting("WELCOME_CHANNEL_ID", int, help="Id of the channel for welcomes whose row names no channel of its own"),
    ]


@hookimpl
def coreops_feature_toggles() -> Sequence[Toggle]:
    """Declare the switches of the features."""
    return [
        Toggle("welcome", "The command welcome, with which recruiters post a clan's text"),
        Toggle("welcome_join", "A greeting for every member who joins the server"),
    ]


@hookimpl
def coreops_cache_buckets() -> Sequence[BucketSpec[Any]]:
    """Declare the welcome texts."""
    return [TEMPLATES]


@hookimpl
def coreops_commands() -> Sequence[Command]:
    """Declare ``welcome`` and ``welcome-refresh``."""
    return [
        Command(Welcome, toggle="welcome", rest="note", section=SECTION, examples=("EMB",)),
        Command(WelcomeRefresh, toggle="welcome", section=SECTION),
    ]


@hookimpl
def coreops_listeners() -> Sequence[Listener]:
    """Declare what greets members who join."""
    return [Listener(hikari.MemberCreateEvent, greet)]


@hookimpl
def coreops_health_checks() -> Sequence[HealthCheck]:
    """Declare the check of the texts."""
    return [HealthCheck("texts", check_welcome)]
