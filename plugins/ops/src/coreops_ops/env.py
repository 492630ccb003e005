"""``ops env``: who and where this bot is, and what its ids stand for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import hikari
import lightbulb

from coreops_hookspecs import CardField, PluginContext, SettingValue, Severity, access
from coreops_ops.settings import shown
from coreops_ops.wording import ago, code, count, pages, span

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
        await ctx.respond(embed=await _card(core), ephemeral=True)


async def _card(core: PluginContext) -> hikari.Embed:
    settings = {setting.key: setting for setting in core.config.describe()}
    warnings: list[str] = []
    fields = [
        *await _identity(core, settings),
        *pages("Servers", _guilds(core, settings, warnings)),
        *pages("Roles", _roles(core, settings, warnings)),
        *pages("Channels", _channels(core, settings, warnings)),
        *pages("Spreadsheets", _sheets(core, settings, warnings)),
        *pages("Feature toggles", [_toggles(core)]),
        *pages("Secrets", [f"{code(key)} {shown(one)}" for key, one in settings.items() if one.secret]),
    ]
    noted = [f"⚠️ {text}" for text in warnings] or ["Every id that is set stands for something."]
    return core.commands.card(
        "Environment", noted, severity=Severity.WARNING if warnings else Severity.OK, fields=fields
    )


async def _identity(core: PluginContext, settings: Mapping[str, SettingValue]) -> list[CardField]:
    health, me = await core.telemetry.health(), core.discord.me
    versions = " · ".join(f"{name} {version}" for name, version in core.versions.items())
    facts = {
        "Bot": health.bot + (f" (<@{me.id}>)" if me else ""),
        "Environment": health.env,
        "Phase": health.phase,
        "Up": f"{span(health.uptime)}, since {ago(health.started_at)}",
        "Process": str(health.pid),
        "Time zone": shown(settings["TIMEZONE"]),
    }
    return [*(CardField(name, text, inline=True) for name, text in facts.items()), CardField("Versions", versions)]


def _guilds(core: PluginContext, settings: Mapping[str, SettingValue], warnings: list[str]) -> list[str]:
    there = core.discord.cache.get_guilds_view()
    allowed = _ids(settings, "GUILD_IDS")
    lines = [f"{code(guild.name)} {code(identifier)}" for identifier, guild in there.items()]
    warnings += [f"GUILD_IDS names {code(one)}, but the bot is not there" for one in allowed if one not in there]
    warnings += [
        f"the bot is in {code(guild.name)}, which GUILD_IDS does not name; it takes no commands there"
        for identifier, guild in there.items()
        if allowed and int(identifier) not in allowed
    ]
    return lines or ["none"]


def _roles(core: PluginContext, settings: Mapping[str, SettingValue], warnings: list[str]) -> list[str]:
    lines = []
    for key, what in _ROLES.items():
        found = {one: core.discord.cache.get_role(one) for one in _ids(settings, key)}
        warnings += [f"{key} names {code(one)}, which is no role" for one, role in found.items() if role is None]
        names = [f"{code(role.name)} {code(one)}" for one, role in found.items() if role is not None]
        lines.append(f"{what}: {', '.join(names) or 'nobody'}")
    if not _ids(settings, "ADMIN_ROLE_IDS"):
        warnings.append("ADMIN_ROLE_IDS is not set: only the application's owners are admins")
    return lines


def _channels(core: PluginContext, settings: Mapping[str, SettingValue], warnings: list[str]) -> list[str]:
    lines = []
    for key, setting in settings.items():
        if not key.endswith("_CHANNEL_ID") or not setting.value:
            continue
        channel = core.discord.cache.get_guild_channel(int(setting.value))
        if channel is None:
            warnings.append(f"{key} names {code(setting.value)}, which is no channel that the bot sees")
        lines.append(f"{code(key)} {f'<#{channel.id}>' if channel else '❌'} {code(setting.value)}")
    if core.discord.ops_channel_id is None:
        warnings.append("LOG_CHANNEL_ID is not set: notices go to the log alone")
    return lines or ["none"]


def _sheets(core: PluginContext, settings: Mapping[str, SettingValue], warnings: list[str]) -> list[str]:
    lines = []
    for key, setting in settings.items():
        if not key.endswith("_SHEET_ID"):
            continue
        tabs = [f"{one.name} from {code(one.tab)}" for one in core.telemetry.buckets() if one.setting == key]
        if tabs and not setting.value:
            warnings.append(f"{key} is not set, but {count(len(tabs), 'table')} need it")
        lines.append(f"{code(key)} {shown(setting)}{': ' + ', '.join(tabs) if tabs else ''}")
    return lines


def _toggles(core: PluginContext) -> str:
    states = [f"{'🟢' if one.enabled else '⚪'} {one.name}" for one in core.toggles.describe()]
    return " · ".join(states) or "none"


def _ids(settings: Mapping[str, SettingValue], key: str) -> list[int]:
    found: Iterable[Any] = settings[key].value if key in settings and settings[key].value else ()
    return sorted(int(one) for one in found)
