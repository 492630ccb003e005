"""The hooks of the ``ops`` plugin."""

from __future__ import annotations

from collections.abc import Sequence

import lightbulb

from coreops_hookspecs import Command, Control, PluginInfo, Setting, Texts, hookimpl
from coreops_ops.approval import CONTROLS
from coreops_ops.audit import Audit
from coreops_ops.checksheet import CheckSheet
from coreops_ops.config import Config
from coreops_ops.digest import ShowDigest
from coreops_ops.env import Env
from coreops_ops.health import Health
from coreops_ops.help import Help
from coreops_ops.jobs import History, ListJobs, Next, PauseJob, ResumeJob, RunJob
from coreops_ops.outbox import Drop, ListWrites, Replay
from coreops_ops.ping import Ping
from coreops_ops.plugin_orders import Load, Quarantine, Reinstate, ReloadPlugin, Unload
from coreops_ops.plugins import Show
from coreops_ops.refresh import Refresh
from coreops_ops.reload import Reload
from coreops_ops.status import Status
from coreops_ops.sync import Sync
from coreops_ops.toggles import ShowToggles
from coreops_ops.trace import Trace
from coreops_ops.why import Why

_SHORTCUTS = ("env", "reload", "health", "digest", "checksheet", "config", "help", "ping", "refresh all")
_OF_A_JOB = ("history", "next", "pause", "resume", "run")
_OF_WRITES = {"drop": ("7",), "replay": ("7", "all")}

__all__ = ["coreops_commands", "coreops_controls", "coreops_plugin_info", "coreops_settings"]


@hookimpl
def coreops_plugin_info() -> PluginInfo:
    """Say who this is, as the manifest does."""
    return PluginInfo.load(__name__)


@hookimpl
def coreops_commands() -> Sequence[Command]:
    """Declare the group ``ops``; other plugins mount their operational commands under it."""
    group = lightbulb.Group("ops", "Operate the bot")
    for command in (CheckSheet, Config, Env, Health, Help, Ping, Refresh, Reload, ShowToggles):
        group.register(command)
    for more in (ShowDigest, Audit, Status, Sync):
        group.register(more)
    plugins = lightbulb.Group("plugins", "Look at the plugins, and change them while the bot runs")
    for order in (Show, Load, Unload, ReloadPlugin, Quarantine, Reinstate):
        plugins.register(order)
    jobs = lightbulb.Group("jobs", "Look at what runs by the clock, and stop or start it")
    for each in (ListJobs, Next, RunJob, PauseJob, ResumeJob, History):
        jobs.register(each)
    outbox = lightbulb.Group("outbox", "Look at writes to spreadsheets that wait or could not be made")
    for kind in (ListWrites, Replay, Drop):
        outbox.register(kind)
    return [
        Command(group, rest="command", several="bucket", section="Operations"),
        Command(plugins, mount="ops", default="show", rest="reason", section="Operations"),
        Command(
            jobs,
            mount="ops",
            default="list",
            section="Operations",
            examples=dict.fromkeys(_OF_A_JOB, ("state.backup",)),
        ),
        Command(outbox, mount="ops", default="list", section="Operations", examples=_OF_WRITES),
        Command(Why, mount="ops", rest="command", section="Operations", examples=("@user ops ping",)),
        Command(Trace, mount="ops", section="Operations", examples=("1f3a9c02",)),
    ]


@hookimpl
def coreops_controls() -> Sequence[Control]:
    """Declare what approves an action that needs a second person."""
    return CONTROLS


@hookimpl
def coreops_texts() -> Sequence[Texts]:
    """Declare what is said in other languages."""
    return Texts.load(__name__)


@hookimpl
def coreops_settings() -> Sequence[Setting]:
    """Declare what the operator says about commands in general; the runtime follows it."""
    return [
        Setting("LANGUAGE", default="", help="language of all answers: de, en; empty: that of each person's Discord"),
        Setting("APPROVALS", default="", help="what needs a second person: ops reload --reboot; ops plugins unload"),
        Setting("APPROVAL_MINUTES", int, 10, help="how long a second person is waited for"),
        Setting("COMMAND_RULES", default="", help="who may run which command where: deny channel:<id> <command>; …"),
        Setting("COMMAND_SHORTCUTS", tuple, _SHORTCUTS, help="what admins may write without ops: !health"),
        Setting(
            "FLOOD_USER", float, 10.0, help="commands a second of one person; ten times as many at once", minimum=1
        ),
        Setting(
            "FLOOD_SERVER", float, 50.0, help="commands a second of one server; ten times as many at once", minimum=1
        ),
        Setting("COMMAND_TAG", default="", help="another name for ops in messages: !<tag> health"),
    ]
