"""The connection to Discord and the commands. Imports hikari and lightbulb, so it is imported late and in a thread."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

import hikari

import coreops
from coreops.app.ground import Ground
from coreops.commands.access import policy_of
from coreops.commands.approvals import SETTING as APPROVALS
from coreops.commands.audit import AuditRecord, CommandLog, PrivilegedTrail
from coreops.commands.flood import SETTINGS as FLOOD
from coreops.commands.flood import FloodLimits
from coreops.commands.room import CommandRoom, RoomNeeds
from coreops.commands.rule_source import RuleSource
from coreops.commands.rules import SETTING
from coreops.commands.seal import Sealer
from coreops.commands.seal_key import kept_key
from coreops.commands.shortcuts import Shortcuts
from coreops.gateway.app import Gateway
from coreops.gateway.ops_channel import OpsChannel
from coreops.gateway.port import DiscordPort
from coreops.operations.reboot import Note
from coreops.telemetry.phrases import duration, error_text
from coreops_hookspecs import Texts
from coreops_hookspecs.look import Severity
from coreops_shared.logging import get_logger
from coreops_shared.texts import Catalogue

__all__ = ["Discord"]

DRAIN: Final = 2.0
"""Seconds that running commands get to end when the runtime stops."""


class Discord:
    """Gateway and command room, built before the plugins contribute and connected when everything else is up."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        settings, plugins, clock = ground.settings, ground.plugins, ground.clock
        policy = policy_of(settings)
        self._prefixes = tuple(settings.prefix.split(","))
        self._log = CommandLog(ground.bus.publish)
        self._trail = PrivilegedTrail(ground.store.audit.append, ground.bus.publish, get_logger("coreops.audit"))
        self._rules = RuleSource(
            self._rule_text, lambda: not settings.config_sheet_id or ground.registry.worksheet_read, ground.store
        )
        self.gateway = Gateway(
            settings.discord_token,
            settings.discord_rest_url,
            guard=plugins.guard,
            clock=clock,
            publish=ground.bus.publish,
            prefixes=self._prefixes,
        )
        self.catalogue = Catalogue(Texts.load(coreops.__name__))
        """What is said in other languages than English."""
        self.room = CommandRoom(
            RoomNeeds(
                guard=plugins.guard,
                toggles=ground.flags,
                policy=lambda: policy,
                rules=self._rules,
                authorize=plugins.decisions.authorize,
                objectors=plugins.decisions.objectors,
                command_error=plugins.decisions.command_error,
                context_for=plugins.contexts,
                audit=self.record,
                history=ground.store.audit.read,
                catalogue=self.catalogue,
                language=lambda: str(self._setting("LANGUAGE") or ""),
                store=ground.store,
                approvals=lambda: str(self._setting(APPROVALS) or ""),
                approval_lifetime=lambda: float(self._setting("APPROVAL_MINUTES") or 10) * 60,
                flood=self._flood,
                written=self._written,
                problem=partial(ground.reporter.problem, "configuration problem"),
                clock=clock,
                log=get_logger("coreops.commands"),
                versions=ground.versions,
                prefixes=self._prefixes,
                shortcuts=self._shortcuts,
                guilds=sorted(settings.guild_ids),
                everywhere=settings.sync == "global",
            )
        )
        self.port = DiscordPort(self.gateway, settings.log_channel_id)
        ground.payloads.usage = self._usage
        ground.health.watch("gateway", self.gateway.health, critical=True)

    async def recall(self) -> None:
        """Take the key by which buttons of earlier runs are known. Call it once the store is open."""
        self.room.controls.sealer = Sealer(await kept_key(self._ground.store))

    async def connect(self) -> None:
        """Connect, sync the commands, open the ops channel and tell the plugins; waits while Discord is away.

        Raises:
            RefusedError: Discord refuses the token or an intent.
        """
        ground = self._ground
        await self._rules.recall()
        await self._rules.keep()
        self.room.attach(self.gateway.bot, self.gateway.hear)
        await self.gateway.connect()
        await self.gateway.keeper.persist(self.room.start)
        channel = ground.settings.log_channel_id
        if channel is not None:
            ground.notices.attach(OpsChannel(lambda: self.gateway.rest, channel, self.room.service).send)
        await ground.plugins.events.ready()

    async def tell_of_restart(self, note: Note, seconds: float) -> None:
        """Say in the channel where a restart was asked for that it is done."""
        if note.channel_id is None:
            return
        kind, _, person = note.actor.partition(":")
        mention = f"<@{person}>" if kind == "user" else note.actor
        words = f"Asked for by {mention}. Commands are answered again after {duration(seconds)}."
        card = self.room.service.card("Restarted", words, severity=Severity.OK)
        try:
            await self.gateway.rest.create_message(note.channel_id, embed=card, user_mentions=False)
        except hikari.HikariError as error:
            get_logger("coreops").warning("the restart could not be reported back", error=error_text(error))

    async def refresh_commands(self) -> None:
        """Take the commands of the plugins that are there now and bring Discord's list in step."""
        try:
            await self.room.refresh()
        except hikari.HikariError as error:
            self._ground.reporter.problem("commands not synced", f"Discord's list of commands is old: {error}")

    async def configured(self) -> None:
        """Take over what settings say about commands, and keep the rules for a start without the worksheet."""
        await self._rules.keep()
        await self.room.configured()

    async def disconnect(self) -> None:
        """Take no more commands, let those that run end, say the last notices and close."""
        await self.room.stop(DRAIN)
        await self._rules.keep()
        await self._trail.settle()
        await self._ground.notices.stop()
        await self.gateway.close()

    def record(self, record: AuditRecord) -> None:
        """Keep on record who ran what."""
        self._log(record)
        self._trail(record)

    def keep(self, record: AuditRecord) -> None:
        """Put into the audit trail what was done by the clock; its run has an event of its own."""
        self._trail(record)

    def _rule_text(self) -> str:
        return str(self._setting(SETTING) or "")

    def _shortcuts(self) -> Shortcuts:
        bare = self._setting("COMMAND_SHORTCUTS") or ()
        return Shortcuts(tuple(bare), str(self._setting("COMMAND_TAG") or ""))

    def _flood(self) -> FloodLimits:
        return FloodLimits(
            *(float(self._setting(key) or default) for key, default in zip(FLOOD, (10, 50), strict=True))
        )

    def _written(self, key: str) -> tuple[str, str]:
        """Return the text of a setting, and where it stands."""
        found = self._ground.registry.resolved().get(key)
        return ("", "default") if found is None else (str(found.value or ""), found.source)

    def _setting(self, key: str) -> Any:
        """Return the value of a setting that ops declares, or ``None`` while ops is not there."""
        try:
            return self._ground.registry.get(key)
        except KeyError:
            return None

    def _usage(self, path: str) -> str:
        """Return how a command is typed, or an empty text while nobody contributes it."""
        known = self.room.tree.find(tuple(path.split(" "))) is not None
        return f"{self._prefixes[0]}{path}" if known else ""
