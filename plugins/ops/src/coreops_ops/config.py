"""``ops config``: which settings hold, and where each comes from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from difflib import get_close_matches
from typing import Final

import lightbulb

from coreops_hookspecs import CardField, Commands, PluginContext, SettingValue, access
from coreops_hookspecs.errors import UsageError
from coreops_ops.settings import is_set, matching, origin, setting_line, shown
from coreops_ops.wording import code

__all__ = ["Config"]

_TUNING: Final = "BUCKET_"


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
        close = get_close_matches(typed[:100], [setting.key for setting in settings], n=1)
        say = core.commands.say
        hint = f" {say('Did you mean {names}?', names=code(close[0]))}" if close else ""
        msg = f"no setting {typed[:100]!r} is declared"
        raise UsageError(msg, user_message=f"{say('There is no setting of that name.')}{hint}")
    return f"{core.commands.say('Settings')} · {typed}…", [setting_line(one, core.commands) for one in several], []


def _overview(settings: Sequence[SettingValue], core: PluginContext) -> _Page:
    by_source, say = Counter(setting.source.partition(":")[0] for setting in settings), core.commands.say
    fields: list[CardField] = []
    sources = {
        "env": say("From the environment ({count})", count=by_source["env"]),
        "file": say("From the file ({count})", count=by_source["file"]),
        "sheet": say("From the Config worksheet ({count})", count=by_source["sheet"]),
    }
    for source, name in sources.items():
        there = [setting for setting in settings if setting.source.partition(":")[0] == source]
        fields += _field(name, there, core.commands)
    defaults = [one for one in settings if not is_set(one) and not one.key.startswith(_TUNING)]
    fields += _field(say("By default ({count})", count=by_source["default"]), defaults, core.commands)
    return say("Settings"), _head(settings, core), fields


def _field(name: str, settings: Sequence[SettingValue], commands: Commands) -> list[CardField]:
    return [CardField(name, [f"{code(one.key)} {shown(one, commands)}" for one in settings])] if settings else []


def _head(settings: Sequence[SettingValue], core: PluginContext) -> list[str]:
    values, say = {setting.key: setting.value for setting in settings}, core.commands.say
    there, allowed = len(core.discord.cache.get_guilds_view()), len(values.get("GUILD_IDS") or ())
    channel = core.discord.ops_channel_id
    tunable = sum(one.key.startswith(_TUNING) and not is_set(one) for one in settings)
    usage = f"{core.commands.prefix}ops config"
    facts = [
        say("Environment {env}", env=code(values.get("ENV_NAME", "?"))),
        core.commands.say_many("in {count} server", "in {count} servers", there),
        core.commands.say_many("{count} server allowed", "{count} servers allowed", allowed)
        if allowed
        else say("no server allowed by name, so all are"),
        say("ops channel {channel}", channel=f"<#{channel}>" if channel else say("not set")),
    ]
    lines = [" · ".join(facts), say("{config} shows one with its cell and age", config=f"`{usage} <key>`")]
    if tunable:
        form = f"`{usage} {_TUNING}`"
        lines.append(say("{config} shows {count} of tables that are as declared", config=form, count=tunable))
    return lines


def _detail(setting: SettingValue, commands: Commands) -> _Page:
    say = commands.say
    reload = f"`{commands.prefix}ops reload`"
    takes = say("used after {reload}", reload=reload) if setting.plugin else say("used after a restart")
    fields = [
        CardField(say("Value"), shown(setting, commands, 900)),
        CardField(say("Source"), origin(setting, commands)),
        CardField(say("Declared by"), setting.plugin or say("CoreOps itself"), inline=True),
        CardField(say("Kind"), say("secret") if setting.secret else type(setting.value).__name__, inline=True),
        CardField(say("A change is"), takes, inline=True),
    ]
    return setting.key, [commands.say(setting.help)] if setting.help else [], fields
