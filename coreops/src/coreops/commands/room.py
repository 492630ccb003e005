"""The command room as one object: built before Discord is there, attached to a bot, started, drained."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from secrets import token_bytes

import hikari
import lightbulb

from coreops.commands.access import AccessPolicy
from coreops.commands.admission import Admission
from coreops.commands.approvals import SETTING as APPROVALS
from coreops.commands.approvals import Approvals, ApprovalStore
from coreops.commands.asking import SecondPerson
from coreops.commands.audit import AuditRecord
from coreops.commands.bridge import BridgeTools, MessageBridge
from coreops.commands.client import CommandClient
from coreops.commands.completion import Completion
from coreops.commands.components import Components
from coreops.commands.controls import ControlRegistry
from coreops.commands.cooldowns import Cooldowns
from coreops.commands.door import Door, DoorTools
from coreops.commands.flood import Flood, FloodLimits
from coreops.commands.misspelt import nowhere, wrong_approvals, wrong_rules
from coreops.commands.origins import Origins
from coreops.commands.pager import Pager
from coreops.commands.pressing import ControlTools
from coreops.commands.rules import NO_RULES, RuleBook
from coreops.commands.rules import SETTING as RULES
from coreops.commands.service import CommandService, History
from coreops.commands.shortcuts import NO_SHORTCUTS, Shortcuts
from coreops.commands.spoken import Hear
from coreops.commands.sync import CommandSync
from coreops.commands.tree import CommandTree
from coreops.commands.waiting import Patience
from coreops.plugins.guard import Guard
from coreops_hookspecs import AccessRequest, AuditEntry, Denial, Logger, PluginContext, SyncReport, Toggles
from coreops_shared.clock import Clock
from coreops_shared.texts import Catalogue

__all__ = ["CommandRoom", "RoomNeeds"]


async def _no_history(**_: object) -> Sequence[AuditEntry]:
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomNeeds:
    """What the rest of the runtime gives to the command room.

    Args:
        guard: Runs plugin code.
        toggles: Feature toggles.
        policy: Returns the access policy as configured now.
        rules: Returns the operator's rules about commands as configured now.
        authorize: Asks the plugins' ``coreops_authorize`` hooks; an exception in one must deny.
        objectors: Tells whether any plugin has an ``authorize`` hook.
        command_error: Asks the owning plugin's ``coreops_command_error``; true when it answered.
        context_for: Returns the context of a plugin.
        audit: Takes the record of every command; :class:`coreops.commands.audit.CommandLog` is one.
        history: Reads the audit trail.
        catalogue: What is said in other languages than English.
        language: Returns the language set for everybody; empty leaves it to Discord.
        store: Keeps what waits for a second person.
        approvals: Returns which actions need one as configured now.
        approval_lifetime: Returns for how many seconds it is waited.
        flood: Returns how many commands are let in as configured now.
        written: Returns the text of a setting, and the source that it stands in.
        problem: Told what an operator should mend.
        clock: Time.
        log: The structured logger.
        versions: ``bot`` and ``coreops``.
        prefixes: Accepted prefixes, the first is shown in texts.
        shortcuts: Returns the shorter ways to write operational commands as configured now.
        guilds: Guilds to sync commands to; empty means those the bot is in.
        everywhere: Sync globally instead.
        timeout: Seconds that a handler may take to its first answer.
        patience: Seconds after which a handler that has not answered is deferred on its behalf.
        key: Seals the custom ids of controls until :attr:`CommandRoom.controls` is given that of earlier runs.
    """

    guard: Guard
    toggles: Toggles
    policy: Callable[[], AccessPolicy]
    authorize: Callable[[AccessRequest], Denial | None]
    command_error: Callable[[str, lightbulb.Context, BaseException], Awaitable[bool]]
    context_for: Callable[[str], PluginContext]
    audit: Callable[[AuditRecord], None]
    clock: Clock
    log: Logger
    versions: Mapping[str, str]
    store: ApprovalStore
    objectors: Callable[[], bool] = lambda: True
    history: History = _no_history
    catalogue: Catalogue = field(default_factory=Catalogue)
    language: Callable[[], str] = lambda: ""
    rules: Callable[[], RuleBook] = lambda: NO_RULES
    approvals: Callable[[], str] = lambda: ""
    approval_lifetime: Callable[[], float] = lambda: 600.0
    flood: Callable[[], FloodLimits] = FloodLimits
    written: Callable[[str], tuple[str, str]] = lambda _: ("", "default")
    problem: Callable[[str], None] = lambda _: None
    prefixes: Sequence[str] = ("!",)
    shortcuts: Callable[[], Shortcuts] = lambda: NO_SHORTCUTS
    guilds: Sequence[int] = ()
    everywhere: bool = False
    timeout: float = 60.0
    patience: float = 2.0
    key: bytes = field(default_factory=partial(token_bytes, 32), repr=False)


class CommandRoom:
    """Composes the files of this folder. ``tree``, ``controls`` and ``service`` are there from the first moment."""

    def __init__(self, needs: RoomNeeds) -> None:
        self._needs = needs
        self.tree = CommandTree()
        self.controls = ControlRegistry(needs.key)
        self._admission = Admission(
            self.tree,
            needs.guard,
            needs.toggles,
            policy=needs.policy,
            rules=needs.rules,
            authorize=needs.authorize,
            objectors=needs.objectors,
            catalogue=needs.catalogue,
            language=needs.language,
        )
        self._second = SecondPerson(
            Approvals(needs.store, needs.clock, needs.approvals, needs.approval_lifetime),
            self.tree,
            self._admission,
            self.controls,
            versions=needs.versions,
            clock=needs.clock,
            log=needs.log,
        )
        self._pager = Pager(needs.clock, needs.log)
        cooldowns = Cooldowns(needs.clock.monotonic)
        self.service = CommandService(
            self.tree,
            self._admission,
            needs.prefixes[0],
            needs.versions,
            cooldowns=cooldowns,
            history=needs.history,
            sync=self.sync,
            pager=self._pager,
            shortcuts=needs.shortcuts,
            second=self._second,
        )
        self._origins = Origins()
        self._flood = Flood(needs.clock, needs.audit)
        self._told: frozenset[str] = frozenset()
        self._door = Door(
            DoorTools(
                admission=self._admission,
                guard=needs.guard,
                cooldowns=cooldowns,
                clock=needs.clock,
                audit=needs.audit,
                command_error=needs.command_error,
                log=needs.log,
                patience=Patience(needs.patience, needs.log),
                second=self._second,
                prefix=needs.prefixes[0],
                timeout=needs.timeout,
            )
        )
        self._app: hikari.GatewayBot | None = None
        self._client: CommandClient | None = None
        self._bridge: MessageBridge | None = None

    def attach(self, app: hikari.GatewayBot, listen: Callable[[Hear], None]) -> None:
        """Listen to a bot's interactions and messages. Call it once, before the bot connects.

        Args:
            app: The bot.
            listen: Takes what is to be told of messages that begin as a command does.
        """
        needs = self._needs
        self._app = app
        self._client = CommandClient(
            app,
            tree=self.tree,
            door=self._door,
            completion=Completion(self._admission, needs.guard, needs.clock, needs.log),
            components=Components(self._control_tools(), self._origins, self._pager),
            origins=self._origins,
            flood=self._flood,
            context_for=needs.context_for,
        )
        self._bridge = MessageBridge(
            BridgeTools(
                app=app,
                handle=self._client.handle_message,
                tree=self.tree,
                admission=self._admission,
                origins=self._origins,
                clock=needs.clock,
                log=needs.log,
                prefixes=needs.prefixes,
                shortcuts=needs.shortcuts,
                flood=self._flood,
            )
        )
        listen(self._bridge.hear)

    def _control_tools(self) -> ControlTools:
        needs = self._needs
        return ControlTools(
            registry=self.controls,
            tree=self.tree,
            admission=self._admission,
            guard=needs.guard,
            context_for=needs.context_for,
            audit=needs.audit,
            patience=Patience(needs.patience, needs.log),
            clock=needs.clock,
            log=needs.log,
            timeout=needs.timeout,
        )

    async def start(self) -> SyncReport:
        """Learn who owns the application, take commands and sync them. Call it once the bot is connected.

        Raises:
            hikari.HikariError: Discord did not answer.
        """
        if self._app is None or self._client is None or self._bridge is None:
            msg = "attach() the command room to a bot before starting it"
            raise RuntimeError(msg)
        application = await self._app.rest.fetch_application()
        self._admission.owners = owners_of(application)
        self._bridge.application_id = application.id
        await self._client.start()
        return await self.refresh()

    async def refresh(self) -> SyncReport:
        """Take what the tree holds now and sync it; call it once after plugins came, went or changed.

        Raises:
            hikari.HikariError: Discord did not answer.
        """
        if self._client is not None:
            await self._client.refresh()
        await self.configured()
        return await self.sync()

    async def configured(self) -> None:
        """Take over what settings say now and tell, once each, what in them cannot be meant; call it after a reload."""
        needs = self._needs
        self._flood.limits = needs.flood()
        rules, approvals = needs.written(RULES), needs.written(APPROVALS)
        found = [*wrong_rules(*rules, self.tree), *wrong_approvals(*approvals, self.tree)]
        try:
            found += [] if self._app is None or not rules[0] else await nowhere(self._app, await self._guilds(), *rules)
        except hikari.HikariError as error:
            needs.log.debug("the ids in the access rules could not be looked up", error=str(error))
        before, self._told = self._told, frozenset(found)
        for problem in found:
            if problem not in before:
                needs.problem(problem)

    async def sync(self, *, apply: bool = True) -> SyncReport:
        """Bring Discord's list of commands in step with the tree."""
        if self._app is None or self._bridge is None:
            msg = "attach() the command room to a bot before syncing"
            raise RuntimeError(msg)
        for waiting in self.tree.waiting():
            self._needs.log.warning(waiting)
        guilds = list(self._needs.guilds) if self._needs.everywhere else await self._guilds()
        syncer = CommandSync(self._app.rest, self.tree, self._needs.log, self._needs.catalogue)
        return await syncer.sync(self._bridge.application_id, guilds, everywhere=self._needs.everywhere, apply=apply)

    async def _guilds(self) -> list[int]:
        """Return the servers that are configured, or all that the bot is in."""
        assert self._app is not None, "asked for once the room is attached"
        return list(self._needs.guilds) or [int(guild.id) async for guild in self._app.rest.fetch_my_guilds()]

    async def stop(self, grace: float) -> int:
        """Take no more commands, wait up to ``grace`` seconds for those that run; return how many were stopped."""
        left = await self._door.drain(grace)
        await self._pager.close()
        if self._client is not None:
            await self._client.stop()
        return left


def owners_of(application: hikari.Application) -> frozenset[int]:
    """Return the owner, or the accepted members of the team that owns it."""
    if application.team is None:
        return frozenset({int(application.owner.id)})
    accepted = hikari.TeamMembershipState.ACCEPTED
    members = application.team.members.values()
    return frozenset(int(member.user.id) for member in members if member.membership_state == accepted)
