"""What a plugin sees of the command tree: help's pages, the command being run, and ``ctx.commands``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from coreops_hookspecs.access import AccessStep, Surface, Tier
from coreops_hookspecs.approvals import Approval
from coreops_hookspecs.audit import AuditEntry
from coreops_hookspecs.look import CardField, Severity

if TYPE_CHECKING:
    import hikari
    import lightbulb

    from coreops_hookspecs.declarations import Cooldown

__all__ = ["CommandInfo", "Commands", "Invocation", "OptionInfo", "SyncReport"]


@dataclass(frozen=True, slots=True)
class SyncReport:
    """What a sync of the slash commands found: names by what was, or would be, done, over all servers."""

    created: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    deleted: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()

    @property
    def changed(self) -> bool:
        """Whether there is anything to send."""
        return bool(self.created or self.updated or self.deleted)


class OptionInfo(Protocol):
    """One option of a command, for help."""

    @property
    def name(self) -> str: ...
    @property
    def description(self) -> str: ...
    @property
    def required(self) -> bool: ...
    @property
    def type(self) -> str: ...
    @property
    def choices(self) -> tuple[str, ...]: ...


class CommandInfo(Protocol):
    """One command as help shows it."""

    @property
    def name(self) -> str:
        """Full path: ``ops health``."""
        ...

    @property
    def description(self) -> str: ...
    @property
    def plugin(self) -> str: ...
    @property
    def section(self) -> str: ...
    @property
    def tier(self) -> Tier: ...
    @property
    def groups(self) -> frozenset[str]: ...
    @property
    def options(self) -> Sequence[OptionInfo]: ...

    @property
    def usage(self) -> str:
        """Prefix form with its arguments: ``!clan <tag>``."""
        ...

    @property
    def slash_usage(self) -> str:
        """Slash form with its arguments: ``/clan tag:<tag>``."""
        ...

    @property
    def examples(self) -> tuple[str, ...]: ...
    @property
    def toggle(self) -> str | None: ...

    @property
    def aliases(self) -> tuple[str, ...]:
        """Shorter prefix forms that the caller may use: ``!health``."""
        ...

    @property
    def cooldown(self) -> Cooldown | None: ...


class Invocation(Protocol):
    """The command being run."""

    @property
    def command(self) -> str: ...
    @property
    def plugin(self) -> str: ...
    @property
    def surface(self) -> Surface: ...
    @property
    def user_id(self) -> int: ...
    @property
    def guild_id(self) -> int | None: ...
    @property
    def channel_id(self) -> int: ...
    @property
    def tier(self) -> Tier: ...
    @property
    def groups(self) -> frozenset[str]: ...
    @property
    def trace(self) -> str: ...

    @property
    def received_at(self) -> float:
        """Monotonic seconds at which the runtime saw the message or interaction."""
        ...

    @property
    def actor(self) -> str:
        """``user:<id>``."""
        ...


class Commands(Protocol):
    """The command tree as the current caller sees it."""

    @property
    def prefix(self) -> str:
        """The first configured prefix, for example ``!``."""
        ...

    @property
    def invocation(self) -> Invocation:
        """The command being run. Raises LookupError outside a command."""
        ...

    def visible(self, role: int | None = None) -> Sequence[CommandInfo]:
        """Return what the current caller may run, by path; with a role, what somebody with that role alone may."""
        ...

    def hidden(self, role: int | None = None) -> Sequence[tuple[CommandInfo, AccessStep]]:
        """Return what :meth:`visible` leaves out, each with the rule that refuses it."""
        ...

    def explain(self, command: str, user: hikari.User) -> Sequence[AccessStep]:
        """Return the rules that stand before a command, tried on a user where the current command runs.

        The last one decided. Raises KeyError for an unknown command.
        """
        ...

    def hidden_count(self) -> int:
        """Return how many commands the current caller may not run."""
        ...

    def suggest(self, name: str) -> Sequence[str]:
        """Return the closest names among those the current caller may run, best first."""
        ...

    async def audit(
        self, *, actor: str | None = None, command: str | None = None, since: datetime | None = None, limit: int = 20
    ) -> Sequence[AuditEntry]:
        """Return the latest runs of privileged commands, newest first.

        Args:
            actor: Whose: ``user:<id>``.
            command: Of which command, or of a group and all below it.
            since: Not before this instant.
            limit: At most so many.
        """
        ...

    async def sync(self, *, apply: bool) -> SyncReport:
        """Compare Discord's list of slash commands with ours and, to ``apply``, send what differs.

        Raises:
            UpstreamError: Discord did not answer.
        """
        ...

    async def decide(self, request: str, *, granted: bool) -> tuple[Approval, bool]:
        """Approve or drop, as the current caller, what waits for a second person.

        Returns:
            What was decided, and whether the command runs now by itself; otherwise it must be run again.

        Raises:
            UsageError: it was decided, or its time is over.
            DeniedError: it is the caller's own, or the caller may not run it.
        """

    def say(self, text: str, /, **values: Any) -> str:
        """Return an English text in the caller's language, with its ``{placeholders}`` filled in.

        Where nobody asked, as in a job or a listener, it is the language that the operator set with ``LANGUAGE``.

        The languages are those of the plugin's ``coreops_texts``; what is not in them is said in English.
        """
        ...

    def say_many(self, one: str, other: str, /, count: int, **values: Any) -> str:
        """Return the text for a number of things, which may name it as ``{count}``; catalogues list the second."""
        ...

    def changed(self, what: str, before: object, after: object) -> None:
        """Put on record what the running command, or job, changed; the audit trail keeps it, with secrets redacted."""
        ...

    def limit(self, what: str, cooldown: Cooldown) -> None:
        """Count a run of a part of the running command, whatever the surface: ``refresh all`` of ``refresh``.

        Raises:
            CooldownError: the caller must wait.
        """
        ...

    def card(
        self,
        title: str,
        text: str | Sequence[str] = "",
        *,
        severity: Severity = Severity.INFO,
        fields: Sequence[CardField] = (),
    ) -> hikari.Embed:
        """Return an embed in the look of the runtime: colour by severity, footer with the versions.

        Whatever is given, the result keeps within Discord's embed limits; what does not fit ends with "… and N more".
        """
        ...

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
        """Answer the running command with a :meth:`card`, however long: nothing is left out.

        What does not fit on one card is divided into pages, turned by buttons that belong to the caller and end ten
        minutes after the last press; above 25 pages the whole text comes as a file.
        """
        ...
