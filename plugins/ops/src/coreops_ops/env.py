"""``ops env``: who and where this bot is, and what its ids stand for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import lightbulb

from coreops_hookspecs import CardField, PluginContext, SettingValue, Severity, access
from coreops_ops.settings import shown
from coreops_ops.wording import ago, code, parts, span

__all__ = ["Env"]

_ROLES = {
    "ADMIN_ROLE_IDS": "admin",
    "STAFF_ROLE_IDS": "staff",
    "RECRUITER_ROLE_IDS": "recruiter",
    "LEAD_ROLE_IDS": "lead",
}


@access.admin
class Env(lightbulb.SlashCommand, name="env", description="Show which bot this is, and what its ids stand for"):
    """Names what ids stand for, and warns of those that stand for nothing."""

    @lightbulb.invoke
    async def invoke(self, ctx: lightbulb.Context, core: PluginContext) -> None:
        """Answer with identity, server, roles, channels, spreadsheets, toggles and secrets."""
        await _show(ctx, core)


async def _show(ctx: lightbulb.Context, core: PluginContext) -> None:
    settings = {setting.key: setting for setting in core.config.describe()}
    warnings: list[str] = []
    say = core.commands.say
    secrets = [f"{code(key)} {shown(one, core.commands)}" for key, one in settings.items() if one.secret]
    found = parts(
        {
            say("Servers"): _guilds(core, settings, warnings),
            say("Roles"): _roles(core, settings, warnings),
            say("Channels"): _channels(core, settings, warnings),
            say("Spreadsheets"): _sheets(core, settings, warnings),
            say("Feature toggles"): _toggles(core),
            say("Secrets"): secrets,
        }
    )
    await core.commands.show(
        ctx,
        say("Environment"),
        [f"⚠️ {text}" for text in warnings] or [say("Every id that is set stands for something.")],
        severity=Severity.WARNING if warnings else Severity.OK,
        fields=[*await _identity(core, settings), *found],
        ephemeral=True,
    )


async def _identity(core: PluginContext, settings: Mapping[str, SettingValue]) -> list[CardField]:
    health, me = await core.telemetry.health(), core.discord.me
    say, versions = core.commands.say, " · ".join(f"{name} {version}" for name, version in core.versions.items())
    since = say("{span}, since {ago}", span=span(health.uptime), ago=ago(health.started_at))
    facts = {
        say("Bot"): health.bot + (f" (<@{me.id}>)" if me else ""),
        say("Environment"): health.env,
        say("Phase"): say(health.phase),
        say("Up"): since,
        say("Process"): str(health.pid),
        say("Time zone"): shown(settings["TIMEZONE"], core.commands),
    }
    return [*(CardField(name, text, inline=True) for name, text in facts.items()), CardField(say("Versions"), versions)]


def _guilds(core: PluginContext, settings: Mapping[str, SettingValue], warnings: list[str]) -> list[str]:
    there, say = core.discord.cache.get_guilds_view(), core.commands.say
    allowed = _ids(settings, "GUILD_IDS")
    lines = [f"{code(guild.name)} {code(identifier)}" for identifier, guild in there.items()]
    warnings += [
        say("GUILD_IDS names {server}, but the bot is not there", server=code(one))
        for one in allowed
        if one not in there
    ]
    warnings += [
        say(
            "the bot is in {server}, which GUILD_IDS does not name; it takes no commands there", server=code(guild.name)
        )
        for identifier, guild in there.items()
        if allowed and int(identifier) not in allowed
    ]
    return lines or [say("none")]


def _roles(core: PluginContext, settings: Mapping[str, SettingValue], warnings: list[str]) -> list[str]:
    lines, say = [], core.commands.say
    for key, what in _ROLES.items():
        found = {one: core.discord.cache.get_role(one) for one in _ids(settings, key)}
        warnings += [
            say("{key} names {role}, which is no role", key=key, role=code(one))
            for one, role in found.items()
            if role is None
        ]
        names = [f"{code(role.name)} {code(one)}" for one, role in found.items() if role is not None]
        lines.append(f"{what}: {', '.join(names) or say('nobody')}")
    if not _ids(settings, "ADMIN_ROLE_IDS"):
        warnings.append(say("ADMIN_ROLE_IDS is not set: only the application's owners are admins"))
    return lines


def _channels(core: PluginContext, settings: Mapping[str, SettingValue], warnings: list[str]) -> list[str]:
    lines, say = [], core.commands.say
    for key, setting in settings.items():
        if not key.endswith("_CHANNEL_ID") or not setting.value:
            continue
        channel = core.discord.cache.get_guild_channel(int(setting.value))
        if channel is None:
            told = say(
                "{key} names {channel}, which is no channel that the bot sees", key=key, channel=code(setting.value)
            )
            warnings.append(told)
        lines.append(f"{code(key)} {f'<#{channel.id}>' if channel else '❌'} {code(setting.value)}")
    if core.discord.ops_channel_id is None:
        warnings.append(say("LOG_CHANNEL_ID is not set: notices go to the log alone"))
    return lines or [say("none")]


def _sheets(core: PluginContext, settings: Mapping[str, SettingValue], warnings: list[str]) -> list[str]:
    lines, say = [], core.commands.say
    for key, setting in settings.items():
        if not key.endswith("_SHEET_ID"):
            continue
        read = [one for one in core.telemetry.buckets() if one.setting == key]
        tabs = [say("{table} from {tab}", table=one.name, tab=code(one.tab)) for one in read]
        if tabs and not setting.value:
            warnings.append(
                core.commands.say_many(
                    "{key} is not set, but {count} table needs it",
                    "{key} is not set, but {count} tables need it",
                    len(tabs),
                    key=key,
                )
            )
        lines.append(f"{code(key)} {shown(setting, core.commands)}{': ' + ', '.join(tabs) if tabs else ''}")
    return lines


def _toggles(core: PluginContext) -> list[str]:
    states = [f"{'🟢' if one.enabled else '⚪'} {one.name}" for one in core.toggles.describe()]
    return states or [core.commands.say("none")]


def _ids(settings: Mapping[str, SettingValue], key: str) -> list[int]:
    found: Iterable[Any] = settings[key].value if key in settings and settings[key].value else ()
    return sorted(int(one) for one in found)
