"""``ops plugins``: which plugins there are, how each is, and what one contributes."""

from __future__ import annotations

from collections.abc import Sequence

import lightbulb

from coreops_hookspecs import CardField, Commands, PluginReport, PluginState, Severity, Telemetry, access
from coreops_hookspecs.errors import UsageError
from coreops_hookspecs.plugins import Fact, facts, held_the_loop
from coreops_ops.wording import ago, code, named, near

__all__ = ["Show", "suggest"]

_GOOD = frozenset({PluginState.ACTIVE})
_WAITING = frozenset({PluginState.DISCOVERED, PluginState.LOADING, PluginState.BLOCKED, PluginState.UNLOADED})


async def suggest(ctx: lightbulb.AutocompleteContext[str], telemetry: Telemetry = lightbulb.di.INJECTED) -> None:
    """Suggest the names of the plugins."""
    typed = str(ctx.focused.value or "").lower()
    await ctx.respond([plugin.name for plugin in telemetry.plugins() if typed in plugin.name][:25])


@access.staff
class Show(lightbulb.SlashCommand, name="show", description="List the plugins, or show one in detail"):
    """Shows the same facts as the command line and ``/health``; what ``ops plugins`` means by itself."""

    name = lightbulb.string("name", "Which plugin to show in detail", default="", autocomplete=suggest)

    @lightbulb.invoke
    async def invoke(self, ctx: lightbulb.Context, telemetry: Telemetry, commands: Commands) -> None:
        """Answer with the list or with one plugin's page."""
        plugins = telemetry.plugins()
        if not self.name:
            await _list(ctx, plugins, commands)
            return
        wanted = self.name.strip().lower()
        found = next((plugin for plugin in plugins if plugin.name == wanted), None)
        if found is None:
            raise unknown(wanted, plugins, commands)
        await _page(ctx, found, commands)


def unknown(wanted: str, plugins: Sequence[PluginReport], commands: Commands) -> UsageError:
    """Return the answer to a name that no plugin has; it may be a misspelt command of the group."""
    orders = [info.name.split(" ")[-1] for info in commands.visible() if info.name.startswith("ops plugins ")]
    hint = near(wanted, [*(plugin.name for plugin in plugins), *orders], commands)
    msg = f"there is no plugin {wanted[:100]!r}"
    return UsageError(msg, user_message=f"{commands.say('There is no plugin of that name.')}{hint}")


async def _page(ctx: lightbulb.Context, plugin: PluginReport, commands: Commands) -> None:
    """Answer with everything that is known of a plugin, and what can be done about it."""
    told = facts(plugin)
    fields = [
        CardField(commands.say(fact.name.capitalize()), _value(fact), inline=fact.short)
        for fact in told
        if fact.name not in {"plugin", "state", "reason"}
    ]
    severity = Severity.OK if plugin.state in _GOOD else Severity.INFO if plugin.state in _WAITING else Severity.ERROR
    title = f"{_sign(plugin)} {plugin.name} · {commands.say(plugin.state.value)}"
    text = [*([named(plugin.reason)] if plugin.reason else []), *_presses([plugin], commands)]
    await commands.show(ctx, title, text, severity=severity, fields=fields)


def _sign(plugin: PluginReport) -> str:
    """Return how a plugin is, in one character."""
    return "✅" if plugin.state in _GOOD else "💤" if plugin.state in _WAITING else "❌"


async def _list(ctx: lightbulb.Context, plugins: Sequence[PluginReport], commands: Commands) -> None:
    bad = [plugin for plugin in plugins if plugin.state not in _GOOD | _WAITING]
    active = sum(plugin.state in _GOOD for plugin in plugins)
    await commands.show(
        ctx,
        commands.say("Plugins · {active} of {count} active", active=active, count=len(plugins)),
        [*(_line(plugin, commands) for plugin in plugins), *_presses(plugins, commands)],
        severity=Severity.WARNING if bad else Severity.OK,
    )


def _line(plugin: PluginReport, commands: Commands) -> str:
    version = f" {plugin.version}" if plugin.version else ""
    reason = f"\n{named(plugin.reason)}" if plugin.reason else ""
    retry = f" · {commands.say('tried again {ago}', ago=ago(plugin.retry_at))}" if plugin.retry_at else ""
    block = commands.say("held the loop {block}", block=held_the_loop(plugin)) if plugin.last_block else ""
    held = f"\n⏳ {block}" if block else ""
    state = f"{commands.say(plugin.state.value)} {ago(plugin.since)}"
    return f"{_sign(plugin)} **{plugin.name}**{version} · {state}{retry}{reason}{held}"


def _presses(plugins: Sequence[PluginReport], commands: Commands) -> list[str]:
    """Return what the caller can do about plugins that do not serve, each command once."""
    may = {info.name for info in commands.visible()}
    remedies = {
        PluginState.QUARANTINED: "reinstate",
        PluginState.UNLOADED: "load",
        PluginState.FAILED: "load",
    }
    orders = {plugin.name: f"ops plugins {remedies[plugin.state]}" for plugin in plugins if plugin.state in remedies}
    return [f"→ {code(f'{commands.prefix}{order} {name}')}" for name, order in orders.items() if order in may]


def _value(fact: Fact) -> str:
    return fact.value if isinstance(fact.value, str) else ago(fact.value)
