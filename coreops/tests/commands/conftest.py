"""A command room on a real bot, connected to the sandbox: what the journeys of this folder speak to."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import lightbulb
import pytest

from coreops.commands.access import AccessPolicy
from coreops.commands.audit import AuditRecord, CommandLog
from coreops.commands.flood import FloodLimits
from coreops.commands.room import CommandRoom, RoomNeeds
from coreops.gateway.app import Gateway
from coreops.plugins.guard import Fault, Guard
from coreops.plugins.states import PluginStates
from coreops_hookspecs import AccessRequest, Command, Denial, PluginState
from coreops_hookspecs.telemetry import Event
from coreops_sandbox.chat import Chat
from coreops_sandbox.server import Sandbox
from coreops_sandbox.world.channels import Overwrite
from coreops_sandbox.world.permissions import Permission
from coreops_sandbox.world.seed import SEED
from coreops_shared.clock import ManualClock, SystemClock
from coreops_shared.redact import Secret
from coreops_shared.texts import Catalogue


class Quiet:
    """A logger that keeps its lines."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, str, dict[str, Any]]] = []

    def _write(self, level: str, message: str, fields: dict[str, Any]) -> None:
        self.lines.append((level, message, fields))

    def debug(self, message: str, **fields: Any) -> None:
        self._write("debug", message, fields)

    def info(self, message: str, **fields: Any) -> None:
        self._write("info", message, fields)

    def warning(self, message: str, **fields: Any) -> None:
        self._write("warning", message, fields)

    def error(self, message: str, **fields: Any) -> None:
        self._write("error", message, fields)

    def exception(self, message: str, **fields: Any) -> None:
        self._write("exception", message, fields)


class Values:
    """A store of values in memory."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}

    async def kv_get(self, plugin: str, key: str) -> str | None:
        return self.kept.get((plugin, key))

    async def kv_set(self, plugin: str, key: str, value: str) -> None:
        self.kept[plugin, key] = value


class Switches:
    """Feature toggles: those named are on."""

    def __init__(self) -> None:
        self.on: set[str] = set()

    def enabled(self, name: str) -> bool:
        return name in self.on

    def describe(self) -> Sequence[Any]:
        return ()


async def _no_error_hook(plugin: str, ctx: lightbulb.Context, error: BaseException) -> bool:
    return False


@dataclass
class Bench:
    """A running command room and everything a test wants to see or turn."""

    sandbox: Sandbox
    chat: Chat
    patient: Chat  # for commands that answer more than once
    brief: Chat  # for what is not answered at all
    clock: ManualClock = field(default_factory=ManualClock)
    log: Quiet = field(default_factory=Quiet)
    values: Values = field(default_factory=Values)
    approvals: str = ""
    language: str = ""
    written: dict[str, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    flood: FloodLimits = field(default_factory=FloodLimits)
    catalogue: Catalogue = field(default_factory=Catalogue)
    toggles: Switches = field(default_factory=Switches)
    policy: AccessPolicy = field(
        default_factory=lambda: AccessPolicy(
            admin_roles=frozenset({int(SEED.admin_role)}),
            staff_roles=frozenset({int(SEED.staff_role)}),
            groups={"recruiter": frozenset({int(SEED.recruiter_role)}), "lead": frozenset({int(SEED.lead_role)})},
        )
    )
    authorize: Callable[[AccessRequest], Denial | None] = lambda _: None
    command_error: Callable[[str, lightbulb.Context, BaseException], Awaitable[bool]] = _no_error_hook
    faults: list[Fault] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    records: list[AuditRecord] = field(default_factory=list)
    context: Any = field(default_factory=lambda: SimpleNamespace(plugin="demo"))

    def __post_init__(self) -> None:
        self.states = PluginStates(SystemClock(), lambda old, new: None)
        self.guard = Guard(SystemClock(), self.states, self.faults.append)
        self.gateway = Gateway(
            Secret(self.sandbox.token),
            self.sandbox.rest_url,
            guard=self.guard,
            clock=SystemClock(),
            publish=self.events.append,
            prefixes=("!",),
        )
        self.timeout = 10.0
        self.patience = 2.0
        self.everywhere = False
        self.room: CommandRoom = self._room()

    def _room(self) -> CommandRoom:
        write = CommandLog(self.events.append)

        def audit(record: AuditRecord) -> None:
            self.records.append(record)
            write(record)

        return CommandRoom(
            RoomNeeds(
                guard=self.guard,
                toggles=self.toggles,
                policy=lambda: self.policy,
                authorize=self._authorize,
                command_error=self._command_error,
                context_for=lambda plugin: self.context,
                audit=audit,
                clock=self.clock,
                log=self.log,
                catalogue=self.catalogue,
                language=lambda: self.language,
                store=self.values,
                approvals=lambda: self.approvals,
                flood=lambda: self.flood,
                written=lambda key: (self.written.get(key, ""), "sheet:book!Config!B4"),
                problem=self.problems.append,
                versions={"bot": "1.2", "coreops": "0.1.0"},
                prefixes=("!",),
                everywhere=self.everywhere,
                timeout=self.timeout,
                patience=self.patience,
            )
        )

    def renew(self) -> None:
        """Make the room anew, for a changed ``timeout``, ``patience`` or ``everywhere``."""
        self.room = self._room()

    def plugin(self, name: str = "demo") -> None:
        self.states.discover(name)
        self.states.change(name, PluginState.ACTIVE)

    def _authorize(self, request: AccessRequest) -> Denial | None:
        return self.authorize(request)

    async def _command_error(self, plugin: str, ctx: lightbulb.Context, error: BaseException) -> bool:
        return await self.command_error(plugin, ctx, error)

    def deny(self, channel: str, permission: Permission) -> None:
        """Take a permission from the bot in a channel."""
        there = self.sandbox.world.guilds[SEED.guild].channels[channel]
        there.overwrites[SEED.bot] = Overwrite(id=SEED.bot, type=1, allow=Permission(0), deny=permission)

    async def start(self, *commands: Command | type[lightbulb.CommandBase] | lightbulb.Group) -> None:
        """Add commands in the name of plugin ``demo``, connect and sync."""
        self.plugin()
        for command in commands:
            self.room.tree.add("demo", command if isinstance(command, Command) else Command(command))
        self.room.attach(self.gateway.bot, self.gateway.hear)
        await self.gateway.connect()
        await self.room.start()

    async def stop(self) -> None:
        await self.room.stop(1.0)
        await self.gateway.close()


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    """A room that a test starts with its own commands."""
    async with (
        Sandbox() as sandbox,
        Chat(sandbox.url, timeout=30.0, settle=0.05) as chat,
        Chat(sandbox.url, timeout=30.0, settle=1.0) as patient,
        Chat(sandbox.url, timeout=1.0) as brief,
    ):
        made = Bench(sandbox, chat, patient, brief)
        yield made
        await made.stop()
