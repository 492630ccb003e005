"""``ctx.commands``: the command tree as the current caller sees it."""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from typing import Any, Final

import hikari
import lightbulb
import msgspec

from coreops.commands.admission import Admission
from coreops.commands.answers import cooldown_error, reference
from coreops.commands.asking import SecondPerson
from coreops.commands.callers import caller_like
from coreops.commands.cooldowns import Cooldowns
from coreops.commands.invocation import Invocation, current
from coreops.commands.leaves import Leaf, Option
from coreops.commands.pager import Pager
from coreops.commands.pages import NARROW, WIDE, divide, written_out
from coreops.commands.render import card
from coreops.commands.shortcuts import Shortcuts
from coreops.commands.tree import CommandTree
from coreops.commands.usage import prefix_usage, slash_usage
from coreops.telemetry.phrases import duration
from coreops_hookspecs import AccessStep, Approval, AuditEntry, CardField, Cooldown, Severity, SyncReport, Tier
from coreops_hookspecs.errors import UpstreamError
from coreops_shared import changes, trace
from coreops_shared.texts import addressing, say, say_many

__all__ = ["CommandPage", "CommandService", "History", "Syncing", "near"]


MOST_PAGES: Final = 25
"""Pages that are turned by buttons; a longer answer is a file."""


History = Callable[..., Awaitable[Sequence[AuditEntry]]]
"""Reads the audit trail, with the arguments of :meth:`CommandService.audit`."""


Syncing = Callable[..., Awaitable[SyncReport]]
"""Syncs, with the arguments of :meth:`CommandService.sync`."""


@dataclass(slots=True)
class CommandPage:
    """One command as help shows it; satisfies :class:`coreops_hookspecs.CommandInfo`."""

    name: str
    description: str
    plugin: str
    section: str
    tier: Tier
    groups: frozenset[str]
    options: Sequence[Option]
    usage: str
    slash_usage: str
    examples: tuple[str, ...]
    toggle: str | None
    aliases: tuple[str, ...]
    cooldown: Cooldown | None


class CommandService:
    """Satisfies :class:`coreops_hookspecs.Commands`; one object serves all plugins.

    Args:
        tree: The commands.
        admission: Decides who may run which.
        prefix: The first configured prefix.
        versions: ``bot`` and ``coreops``, for the footer of cards.
        cooldowns: Counts runs.
        history: Reads the audit trail.
        sync: Compares Discord's list of commands with ours, and sends what differs to ``apply`` it.
        pager: Shows long answers.
        shortcuts: Returns the shorter ways to write operational commands.
        second: Holds up what a second person must approve.
    """

    def __init__(
        self,
        tree: CommandTree,
        admission: Admission,
        prefix: str,
        versions: Mapping[str, str],
        *,
        cooldowns: Cooldowns,
        history: History,
        sync: Syncing,
        pager: Pager,
        shortcuts: Callable[[], Shortcuts],
        second: SecondPerson,
    ) -> None:
        self._tree = tree
        self._admission = admission
        self._prefix = prefix
        self._versions = versions
        self._cooldowns = cooldowns
        self._history = history
        self._sync = sync
        self._pager = pager
        self._shortcuts = shortcuts
        self._second = second

    @property
    def prefix(self) -> str:
        """The first configured prefix."""
        return self._prefix

    @property
    def invocation(self) -> Invocation:
        """The command being run. Raises LookupError outside a command."""
        return current()

    def visible(self, role: int | None = None) -> Sequence[CommandPage]:
        """Return what the current caller may run, by path; with a role, what somebody with that role alone may."""
        return [self._page(leaf) for leaf in self._admission.visible(self._asker(role))]

    def hidden(self, role: int | None = None) -> Sequence[tuple[CommandPage, AccessStep]]:
        """Return what :meth:`visible` leaves out, each with the rule that refuses it."""
        asker = self._asker(role)
        decided = [(leaf, list(self._admission.steps(leaf, asker))[-1]) for leaf in self._tree.leaves()]
        return [(self._page(leaf), step) for leaf, step in decided if not step.passed]

    def explain(self, command: str, user: hikari.User) -> Sequence[AccessStep]:
        """Return the rules that stand before a command, tried on a user where the current command runs.

        Raises:
            KeyError: there is no such command.
        """
        asked = command.lower()
        leaf = next((leaf for leaf in self._tree.leaves() if asked in {leaf.name.lower(), leaf.said.lower()}), None)
        if leaf is None:
            raise KeyError(command)
        running = current()
        caller = caller_like(running.caller, user, self._admission.owners)
        steps = list(self._admission.steps(leaf, self._admission.as_if(running, caller)))
        if leaf.cooldown is not None and steps[-1].passed:
            left = self._cooldowns.left(leaf.name, leaf.cooldown, caller)
            told = say("{span} to wait", span=duration(math.ceil(left))) if left else say("may be run now")
            steps.append(AccessStep("cooldown", not left, told, say("Wait.") if left else ""))
        return steps

    def hidden_count(self) -> int:
        """Return how many commands the current caller may not run."""
        return len(self._tree.leaves()) - len(self._admission.visible(current()))

    def suggest(self, name: str) -> Sequence[str]:
        """Return up to three close names among those the current caller may run, best first.

        The last part counts by itself too, so that ``health`` finds ``ops health``.
        """
        return near(name, [leaf.name for leaf in self._admission.visible(current())])

    async def audit(
        self, *, actor: str | None = None, command: str | None = None, since: datetime | None = None, limit: int = 20
    ) -> Sequence[AuditEntry]:
        """Return the latest runs of privileged commands, newest first."""
        return await self._history(actor=actor, command=command, since=since, limit=limit)

    async def sync(self, *, apply: bool) -> SyncReport:
        """Compare Discord's list of slash commands with ours and, to ``apply``, send what differs.

        Raises:
            UpstreamError: Discord did not answer.
        """
        try:
            return await self._sync(apply=apply)
        except hikari.HikariError as error:
            msg = f"discord's list of commands could not be brought in step: {error}"
            raise UpstreamError(
                msg, user_message=say("Discord did not take the commands. Try again in a minute.")
            ) from error

    async def decide(self, request: str, *, granted: bool) -> tuple[Approval, bool]:
        """Approve or drop what waits for a second person. Raises UsageError, DeniedError."""
        return await self._second.decide(request, current(), granted=granted)

    def say(self, text: str, /, **values: Any) -> str:
        """Return a text in the caller's language, or in the operator's where nobody asked."""
        with addressing(self._admission.announcer):
            return say(text, **values)

    def say_many(self, one: str, other: str, /, count: int, **values: Any) -> str:
        """Return the text for a number of things in the caller's language, or in the operator's where nobody asked."""
        with addressing(self._admission.announcer):
            return say_many(one, other, count, **values)

    def changed(self, what: str, before: object, after: object) -> None:
        """Put on record what the running command changed."""
        changes.note(what, before, after)

    def limit(self, what: str, cooldown: Cooldown) -> None:
        """Count a run of a part of the running command. Raises CooldownError when the caller must wait."""
        name = f"{current().command} {what}"
        wait = self._cooldowns.take(name, cooldown, current().caller)
        if wait:
            raise cooldown_error(name, wait)

    def card(
        self,
        title: str,
        text: str | Sequence[str] = "",
        *,
        severity: Severity = Severity.INFO,
        fields: Sequence[CardField] = (),
    ) -> hikari.Embed:
        """Return an embed in the look of the runtime, within Discord's limits."""
        return card(
            title, text, severity=severity, fields=fields, versions=self._versions, reference=reference(trace.current())
        )

    async def show(
        self,
        ctx: lightbulb.Context,
        title: str,
        text: str | Sequence[str] = "",
        *,
        severity: Severity = Severity.INFO,
        fields: Sequence[CardField] = (),
        ephemeral: bool = False,
    ) -> None:
        """Answer with one card, with several that buttons turn, or with a file where that would be too many."""
        permissions = ctx.interaction.app_permissions or hikari.Permissions.all_permissions()
        wide = permissions & hikari.Permissions.EMBED_LINKS
        pages, ref = divide(text, fields, WIDE if wide else NARROW), reference(trace.current())
        cards = [
            card(
                title,
                page.text,
                severity=severity,
                fields=page.fields,
                versions=self._versions,
                reference=ref,
                place=say("Page {number} of {count}", number=number, count=len(pages)) if len(pages) > 1 else "",
            )
            for number, page in enumerate(pages, 1)
        ]
        if len(pages) > MOST_PAGES and permissions & hikari.Permissions.ATTACH_FILES:
            file = hikari.Bytes(written_out(title, text, fields), "answer.txt", mimetype="text/plain")
            await ctx.respond(embed=cards[0], attachment=file, ephemeral=ephemeral)
            return
        await self._pager.show(ctx, cards, owner=current().user_id, ephemeral=ephemeral)

    def _asker(self, role: int | None) -> Invocation:
        running = current()
        if role is None:
            return running
        alike = msgspec.structs.replace(
            running.caller, user_id=0, role_ids=frozenset({role}), administrator=False, owner=False
        )
        return self._admission.as_if(running, alike)

    def _page(self, leaf: Leaf) -> CommandPage:
        return CommandPage(
            name=leaf.name,
            description=leaf.description,
            plugin=leaf.plugin,
            section=leaf.section,
            tier=leaf.rule.tier,
            groups=leaf.rule.groups,
            options=leaf.options,
            usage=prefix_usage(self._prefix, leaf),
            slash_usage=slash_usage(leaf),
            examples=tuple(f"{self._prefix}{leaf.said} {example}" for example in leaf.examples),
            toggle=leaf.toggle,
            aliases=self._shortcuts().of(self._prefix, leaf.path, admin=current().tier is Tier.ADMIN),
            cooldown=leaf.cooldown,
        )


def near(name: str, known: Sequence[str], cutoff: float = 0.6) -> list[str]:
    """Return up to three of the known names that are close to ``name``, best first."""
    forms = {form: full for full in reversed(known) for form in (full.split(" ")[-1].lower(), full.lower())}
    matches = get_close_matches(name.lower()[:100], forms, n=5, cutoff=cutoff)
    return list(dict.fromkeys(forms[match] for match in matches))[:3]
