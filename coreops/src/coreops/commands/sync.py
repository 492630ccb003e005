"""Brings Discord's list of commands in step with the tree: read once, compare, and send only what differs.

The comparison is our own because lightbulb's does not see ``default_member_permissions``, so that a change of
permissions alone would never arrive.

A tier sets no permission by default: Discord would hide a command of staff from everybody whose role lacks that
permission, staff roles included, while the door refuses politely. ``staff_permissions`` asks for one on those roots
whose every command needs staff or more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import hikari
import lightbulb

from coreops.commands.localise import localise
from coreops.commands.tree import CommandTree
from coreops_hookspecs import Logger, SyncReport, Tier
from coreops_shared.texts import Catalogue

__all__ = ["CommandSync"]

_SERVERS: Final = hikari.ApplicationContextType.GUILD
_DIRECT: Final = hikari.ApplicationContextType.BOT_DM

Target = hikari.UndefinedOr[hikari.Snowflake]
Listed = hikari.PartialCommand | hikari.api.CommandBuilder


class CommandSync:
    """Syncs the tree with Discord.

    Args:
        rest: Discord.
        tree: The commands.
        log: The structured logger.
        catalogue: Names and descriptions in other languages.
        staff_permissions: Asked for on roots that staff alone may run; ``None`` leaves them visible to everybody.
    """

    def __init__(
        self,
        rest: hikari.api.RESTClient,
        tree: CommandTree,
        log: Logger,
        catalogue: Catalogue,
        staff_permissions: hikari.Permissions | None = None,
    ) -> None:
        self._rest = rest
        self._tree = tree
        self._log = log
        self._catalogue = catalogue
        self._staff_permissions = staff_permissions

    async def sync(
        self, application: int, guilds: Sequence[int], *, everywhere: bool, apply: bool = True
    ) -> SyncReport:
        """Make Discord list the tree's commands, one bulk call for each place where something differs.

        Args:
            application: The bot's application.
            guilds: Guilds that get the commands, or are freed of them.
            everywhere: List them globally and in no guild; otherwise in each of ``guilds`` and not globally.
            apply: Send what differs; otherwise only tell.
        """
        done = await self._target(application, hikari.UNDEFINED, wanted=everywhere, apply=apply)
        for guild in guilds:
            try:
                part = await self._target(application, hikari.Snowflake(guild), wanted=not everywhere, apply=apply)
            except (hikari.ForbiddenError, hikari.NotFoundError):
                told = "invite the bot with the scope applications.commands, or take the server out of GUILD_IDS"
                self._log.warning(f"commands cannot be listed in a server: {told}", guild=int(guild))
                continue
            done = SyncReport(
                done.created + part.created,
                done.updated + part.updated,
                done.deleted + part.deleted,
                done.unchanged + part.unchanged,
            )
        self._log.info(
            "commands synced" if apply else "commands compared",
            scope="global" if everywhere else "guild",
            created=list(done.created),
            updated=list(done.updated),
            deleted=list(done.deleted),
            unchanged=len(done.unchanged),
        )
        return done

    async def _target(self, application: int, guild: Target, *, wanted: bool, apply: bool) -> SyncReport:
        builders = [await self._builder(root, guild) for root in self._tree.roots()] if wanted else []
        existing = await self._rest.fetch_application_commands(application, guild=guild)
        result = _compare(
            {_key(command): _form(command) for command in existing},
            {_key(builder): _form(builder) for builder in builders},
        )
        if result.changed and apply:
            await self._rest.set_application_commands(application, builders, guild=guild)
        return result

    async def _builder(
        self, root: lightbulb.Group | type[lightbulb.CommandBase], guild: Target
    ) -> hikari.api.CommandBuilder:
        builder = await root.as_command_builder(hikari.Locale.EN_US, lightbulb.localization_unsupported)
        data = lightbulb.utils.get_command_data(root)
        leaves = [leaf for leaf in self._tree.leaves() if leaf.path[0] == data.name and leaf.kind is data.type]
        ours = self._staff_permissions is not None and data.default_member_permissions is hikari.UNDEFINED
        if ours and all(leaf.rule.tier > Tier.USER and not leaf.rule.groups for leaf in leaves):
            builder.set_default_member_permissions(self._staff_permissions or hikari.UNDEFINED)
        if guild is hikari.UNDEFINED and data.contexts is hikari.UNDEFINED:
            direct = any(leaf.rule.dm for leaf in leaves)
            builder.set_context_types([_SERVERS, _DIRECT] if direct else [_SERVERS])
        localise(builder, self._catalogue)
        return builder


def _compare(
    existing: Mapping[tuple[str, int], dict[str, Any]], wanted: Mapping[tuple[str, int], dict[str, Any]]
) -> SyncReport:
    def names(keys: set[tuple[str, int]]) -> tuple[str, ...]:
        return tuple(sorted(name for name, _ in keys))

    both = {key for key in existing if key in wanted}
    same = {key for key in both if {**existing[key], **wanted[key]} == existing[key]}
    return SyncReport(
        created=names(set(wanted) - both),
        updated=names(both - same),
        deleted=names(set(existing) - both),
        unchanged=names(same),
    )


def _key(command: Listed) -> tuple[str, int]:
    return command.name, int(command.type)


def _form(command: Listed) -> dict[str, Any]:
    """Return what two lists of commands are compared by; what a builder leaves to Discord is left out."""
    form: dict[str, Any] = {
        "permissions": int(command.default_member_permissions or 0),
        "nsfw": bool(command.is_nsfw),
        "names": dict(command.name_localizations or {}),
    }
    if isinstance(command, hikari.SlashCommand | hikari.api.SlashCommandBuilder):
        form["description"] = command.description
        form["descriptions"] = dict(command.description_localizations or {})
        form["options"] = [_option(option) for option in command.options or ()]
    for name, values in (("contexts", command.context_types), ("integrations", command.integration_types)):
        if values is not hikari.UNDEFINED and (values or not isinstance(command, hikari.api.CommandBuilder)):
            form[name] = sorted(int(value) for value in values)
    return form


def _option(option: hikari.CommandOption) -> dict[str, Any]:
    return {
        "type": int(option.type),
        "name": option.name,
        "description": option.description,
        "required": option.is_required,
        "choices": [(choice.name, choice.value) for choice in option.choices or ()],
        "options": [_option(nested) for nested in option.options or ()],
        "channels": sorted(int(kind) for kind in option.channel_types or ()),
        "autocomplete": option.autocomplete,
        "range": (option.min_value, option.max_value, option.min_length, option.max_length),
        "names": dict(option.name_localizations or {}),
        "descriptions": dict(option.description_localizations or {}),
    }
