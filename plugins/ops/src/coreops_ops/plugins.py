"""``ops plugins``: which plugins there are, how each is, and what one contributes."""

from __future__ import annotations

from collections.abc import Sequence

import hikari
import lightbulb

from coreops_hookspecs import CardField, Commands, PluginReport, PluginState, Severity, Telemetry, access
from coreops_hookspecs.errors import UsageError
from coreops_ops.wording import ago, near

__all__ = ["Plugins"]

_GOOD = frozenset({PluginState.ACTIVE})
_WAITING = frozenset({PluginState.DISCOVERED, PluginState.LOADING, PluginState.BLOCKED, PluginState.UNLOADED})


async def _suggest(ctx: lightbulb.AutocompleteContext[str], telemetry: Telemetry = lightbulb.di.INJECTED) -> None:
    typed = str(ctx.focused.value or "").lower()
    await ctx.respond([plugin.name for plugin in telemetry.plugins() if typed in plugin.name][:25])


@access.staff
class Plugins(lightbulb.SlashCommand, name="plugins", description="List the plugins, or show one in detail"):
    """Shows the same states as the command line and ``/health``."""

    name = lightbulb.string("name", "Which plugin to show in detail", default="", autocomplete=_suggest)

    @lightbulb.invoke
    async def invoke(self, ctx: lightbulb.Context, telemetry: Telemetry, commands: Commands) -> None:
        """Answer with the list or with one plugin's page."""
        plugins = telemetry.plugins()
        if not self.name:
            await ctx.respond(embed=_list(plugins, commands))
            return
        wanted = self.name.strip().lower()
        found = next((plugin for plugin in plugins if plugin.name == wanted), None)
        if found is None:
            hint = near(wanted, [plugin.name for plugin in plugins])
            msg = f"there is no plugin {wanted[:100]!r}"
            raise UsageError(msg, user_message=f"There is no plugin of that name.{hint}")
        await ctx.respond(embed=_page(found, commands))


def _list(plugins: Sequence[PluginReport], commands: Commands) -> hikari.Embed:
    bad = [plugin for plugin in plugins if plugin.state not in _GOOD | _WAITING]
    return commands.card(
        f"Plugins · {sum(plugin.state in _GOOD for plugin in plugins)} of {len(plugins)} active",
        [_line(plugin) for plugin in plugins],
        severity=Severity.WARNING if bad else Severity.OK,
    )


def _line(plugin: PluginReport) -> str:
    version = f" {plugin.version}" if plugin.version else ""
    reason = f"\n{plugin.reason}" if plugin.reason else ""
    return f"{_sign(plugin)} **{plugin.name}**{version} · {plugin.state.value} {ago(plugin.since)}{reason}"


def _page(plugin: PluginReport, commands: Commands) -> hikari.Embed:
    contributions = [f"{count} {kind}{'s' if count != 1 else ''}" for kind, count in plugin.contributions.items()]
    fields = [
        CardField("Version", plugin.version or "—", inline=True),
        CardField("Distribution", plugin.distribution or "—", inline=True),
        CardField("Since", ago(plugin.since), inline=True),
        CardField("Calls", f"{plugin.calls}, {plugin.faults} of them faults", inline=True),
        CardField("Contributes", contributions or "nothing", inline=True),
    ]
    if plugin.retry_at is not None:
        fields.append(CardField("Tried again", ago(plugin.retry_at), inline=True))
    severity = Severity.OK if plugin.state in _GOOD else Severity.INFO if plugin.state in _WAITING else Severity.ERROR
    title = f"{_sign(plugin)} {plugin.name} · {plugin.state.value}"
    return commands.card(title, plugin.reason, severity=severity, fields=fields)


def _sign(plugin: PluginReport) -> str:
    return "✅" if plugin.state in _GOOD else "💤" if plugin.state in _WAITING else "❌"
