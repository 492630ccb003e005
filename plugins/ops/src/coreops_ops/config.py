"""``ops config``: which settings hold, and where each comes from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

import lightbulb

from coreops_hookspecs import CardField, Commands, PluginContext, SettingValue, access
from coreops_hookspecs.errors import UsageError
from coreops_ops.settings import is_set, matching, origin, setting_line, shown
from coreops_ops.wording import code, count, near

__all__ = ["Config"]

_TUNING: Final = "BUCKET_"
_SOURCES: Final = {"env": "From the environment", "file": "From the file", "sheet": "From the Config worksheet"}


_Page = tuple[str, Sequence[str], Sequence[CardField]]
"""Title, text and fields of an answer."""


async def _suggest(ctx: lightbulb.AutocompleteContext[str], core: PluginContext = lightbulb.di.INJECTED) -> None:
    typed = str(ctx.focused.value or "").upper()
    await ctx.respond([setting.key for setting in core.config.describe() if typed in setting.key][:25])


@access.admin
class Config(lightbulb.SlashCommand, name="config", description="Show the settings and where each comes from"):
    """Secrets are never shown."""

    key = lightbulb.string("key", "Which setting, or how their keys begin", default="", autocomplete=_suggest)

    @lightbulb.invoke
    async def invoke(self, ctx: lightbulb.Context, core: PluginContext) -> None:
        """Answer with all settings, with those that begin so, or with one in detail."""
        settings, typed = core.config.describe(), self.key.strip().upper()
        title, text, fields = _page(typed, settings, core)
        await core.commands.show(ctx, title, text, fields=fields, ephemeral=True)


def _page(typed: str, settings: Sequence[SettingValue], core: PluginContext) -> _Page:
    if not typed:
        return _overview(settings, core)
    found = next((setting for setting in settings if setting.key == typed), None)
    if found is not None:
        return _detail(found, core.commands)
    several = matching(settings, typed)
    if not several:
        hint = (
            near(typed, [setting.key.lower() for setting in settings]).upper().replace("DID YOU MEAN", "Did you mean")
        )
        msg = f"no setting {typed[:100]!r} is declared"
        raise UsageError(msg, user_message=f"There is no setting of that name.{hint}")
    return f"Settings · {typed}…", [setting_line(one) for one in several], []


def _overview(settings: Sequence[SettingValue], core: PluginContext) -> _Page:
    by_source = Counter(setting.source.partition(":")[0] for setting in settings)
    fields: list[CardField] = []
    for source, name in _SOURCES.items():
        there = [setting for setting in settings if setting.source.partition(":")[0] == source]
        fields += _field(f"{name} ({len(there)})", there)
    defaults = [one for one in settings if not is_set(one) and not one.key.startswith(_TUNING)]
    fields += _field(f"By default ({by_source['default']})", defaults)
    return "Settings", _head(settings, core), fields


def _field(name: str, settings: Sequence[SettingValue]) -> list[CardField]:
    return [CardField(name, [f"{code(one.key)} {shown(one)}" for one in settings])] if settings else []


def _head(settings: Sequence[SettingValue], core: PluginContext) -> list[str]:
    values = {setting.key: setting.value for setting in settings}
    guilds, allowed = core.discord.cache.get_guilds_view(), values.get("GUILD_IDS") or ()
    channel = core.discord.ops_channel_id
    tunable = sum(one.key.startswith(_TUNING) and not is_set(one) for one in settings)
    usage = f"`{core.commands.prefix}ops config"
    return [
        f"Environment {code(values.get('ENV_NAME', '?'))} · in {count(len(guilds), 'server')}, "
        f"{count(len(allowed), 'server')} allowed"
        + ("" if allowed else " by name: none, so all")
        + f" · ops channel {f'<#{channel}>' if channel else 'not set'}",
        f"{usage} <key>` shows one with its cell and age"
        + (f"; {usage} {_TUNING}` shows {tunable} of tables that are as declared" if tunable else ""),
    ]


def _detail(setting: SettingValue, commands: Commands) -> _Page:
    fields = [
        CardField("Value", shown(setting, 900)),
        CardField("Source", origin(setting)),
        CardField("Declared by", setting.plugin or "CoreOps itself", inline=True),
        CardField("Kind", "secret" if setting.secret else type(setting.value).__name__, inline=True),
    ]
    takes = "used after a restart" if not setting.plugin else f"used after `{commands.prefix}ops reload`"
    fields.append(CardField("A change is", takes, inline=True))
    return setting.key, [setting.help] if setting.help else [], fields
