"""The hooks of the ``recruitment`` plugin."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from coreops_hookspecs import BucketSpec, Command, HealthCheck, PluginInfo, Toggle, hookimpl
from coreops_recruitment.check import check_clans
from coreops_recruitment.clans import CLANS
from coreops_recruitment.command import ShowClan

__all__ = [
    "coreops_cache_buckets",
    "coreops_commands",
    "coreops_feature_toggles",
    "coreops_health_checks",
    "coreops_plugin_info",
]


@hookimpl
def coreops_plugin_info() -> PluginInfo:
    """Say who this is, as the manifest does."""
    return PluginInfo.load(__name__)


@hookimpl
def coreops_feature_toggles() -> Sequence[Toggle]:
    """Declare the switch of the whole feature."""
    return [Toggle("recruitment", "Clan cards for members")]


@hookimpl
def coreops_cache_buckets() -> Sequence[BucketSpec[Any]]:
    """Declare the clan list."""
    return [CLANS]


@hookimpl
def coreops_commands() -> Sequence[Command]:
    """Declare ``clan``."""
    return [
        Command(ShowClan, toggle="recruitment", rest="tag", section="Recruitment", examples=("EMB", "Ember Vanguard"))
    ]


@hookimpl
def coreops_health_checks() -> Sequence[HealthCheck]:
    """Declare the check of the clan list."""
    return [HealthCheck("clans", check_clans)]
