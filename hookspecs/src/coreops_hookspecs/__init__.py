"""The contract between CoreOps and its plugins.

A plugin is a module (or object) whose functions carry :data:`hookimpl` and implement hooks of
:mod:`~coreops_hookspecs.declare`, :mod:`~coreops_hookspecs.lifecycle`, :mod:`~coreops_hookspecs.observe` and
:mod:`~coreops_hookspecs.decide`; its distribution names it in the entry-point group ``coreops``.
"""

from __future__ import annotations

from coreops_hookspecs import access, errors, telemetry
from coreops_hookspecs.access import AccessRequest, AccessRule, AccessStep, Denial, Surface, Tier
from coreops_hookspecs.approvals import Approval
from coreops_hookspecs.audit import AuditEntry
from coreops_hookspecs.cache import (
    BucketSpec,
    BucketStatus,
    Column,
    LastGood,
    RefreshResult,
    RowChange,
    RowProblem,
    Snapshot,
    SnapshotDiff,
)
from coreops_hookspecs.capabilities import Capability
from coreops_hookspecs.commands import CommandInfo, Commands, Invocation, OptionInfo, SyncReport
from coreops_hookspecs.config import ConfigDiff, Setting, SettingValue, Toggle, ToggleState
from coreops_hookspecs.context import (
    Cache,
    Config,
    Discord,
    Hooks,
    Http,
    Logger,
    Operations,
    Outbox,
    PluginContext,
    Scheduler,
    Sheets,
    State,
    Tasks,
    Telemetry,
    Toggles,
    Trace,
)
from coreops_hookspecs.controls import Control, Controls, Press
from coreops_hookspecs.declarations import Command, Cooldown, Listener, PluginInfo, Route
from coreops_hookspecs.digest import Digest, ErrorBudget, Rollup
from coreops_hookspecs.health import (
    CheckResult,
    Component,
    Concern,
    HealthChange,
    HealthCheck,
    HealthReport,
    HealthStatus,
    LoopBlock,
    Losses,
    PluginReport,
    PluginState,
)
from coreops_hookspecs.jobs import (
    CatchUp,
    JobRun,
    JobSpec,
    JobStatus,
    Misfire,
    Overlap,
    Parallel,
    Pause,
    RunOutcome,
)
from coreops_hookspecs.look import CardField, Severity
from coreops_hookspecs.markers import ENTRY_POINT_GROUP, HOOK_API, PROJECT, hookimpl, hookspec
from coreops_hookspecs.operations import BucketChange, ReloadReport, SettingChange, SheetReport, TabReport
from coreops_hookspecs.outbox import Write, WriteKind, WriteState
from coreops_hookspecs.plugins import PluginAction, PluginChange, PluginReload
from coreops_hookspecs.ports import Coordinator
from coreops_hookspecs.sheets import (
    JsonTable,
    SheetsBackend,
    SheetsQuota,
    TabInfo,
    Table,
    Upserted,
    WatchableBackend,
)
from coreops_hookspecs.texts import Texts

__all__ = [
    "ENTRY_POINT_GROUP",
    "HOOK_API",
    "PROJECT",
    "AccessRequest",
    "AccessRule",
    "AccessStep",
    "Approval",
    "AuditEntry",
    "BucketChange",
    "BucketSpec",
    "BucketStatus",
    "Cache",
    "Capability",
    "CardField",
    "CatchUp",
    "CheckResult",
    "Column",
    "Command",
    "CommandInfo",
    "Commands",
    "Component",
    "Concern",
    "Config",
    "ConfigDiff",
    "Control",
    "Controls",
    "Cooldown",
    "Coordinator",
    "Denial",
    "Digest",
    "Discord",
    "ErrorBudget",
    "HealthChange",
    "HealthCheck",
    "HealthReport",
    "HealthStatus",
    "Hooks",
    "Http",
    "Invocation",
    "JobRun",
    "JobSpec",
    "JobStatus",
    "JsonTable",
    "LastGood",
    "Listener",
    "Logger",
    "LoopBlock",
    "Losses",
    "Misfire",
    "Operations",
    "OptionInfo",
    "Outbox",
    "Overlap",
    "Parallel",
    "Pause",
    "PluginAction",
    "PluginChange",
    "PluginContext",
    "PluginInfo",
    "PluginReload",
    "PluginReport",
    "PluginState",
    "Press",
    "RefreshResult",
    "ReloadReport",
    "Rollup",
    "Route",
    "RowChange",
    "RowProblem",
    "RunOutcome",
    "Scheduler",
    "Setting",
    "SettingChange",
    "SettingValue",
    "Severity",
    "SheetReport",
    "Sheets",
    "SheetsBackend",
    "SheetsQuota",
    "Snapshot",
    "SnapshotDiff",
    "State",
    "Surface",
    "SyncReport",
    "TabInfo",
    "TabReport",
    "Table",
    "Tasks",
    "Telemetry",
    "Texts",
    "Tier",
    "Toggle",
    "ToggleState",
    "Toggles",
    "Trace",
    "Upserted",
    "WatchableBackend",
    "Write",
    "WriteKind",
    "WriteState",
    "access",
    "errors",
    "hookimpl",
    "hookspec",
    "telemetry",
]
