"""``ops plugins load|unload|reload|quarantine|reinstate``: one plugin is changed while the bot runs."""

from __future__ import annotations

import hikari
import lightbulb

from coreops_hookspecs import (
    CardField,
    Commands,
    Operations,
    PluginAction,
    PluginChange,
    PluginReload,
    Severity,
    access,
)
from coreops_ops.plugins import suggest
from coreops_ops.wording import code, mention, millis, named, pages

__all__ = ["Load", "Quarantine", "Reinstate", "ReloadPlugin", "Unload"]

_TITLES = {
    "planned": "plan of a reload",
    "leaked": "{}, but something is left over",
    "reboot needed": "a reboot is needed",
    "rolled back": "the old code serves on",
    "failed": "could not be {}",
}
_DONE = {
    PluginAction.LOAD: "loaded",
    PluginAction.UNLOAD: "unloaded",
    PluginAction.RELOAD: "reloaded",
    PluginAction.QUARANTINE: "in quarantine",
    PluginAction.REINSTATE: "serves again",
}
_SEVERITIES = {
    "done": Severity.OK,
    "planned": Severity.INFO,
    "rolled back": Severity.ERROR,
    "failed": Severity.ERROR,
}


async def _order(
    ctx: lightbulb.Context,
    action: PluginAction,
    name: str,
    *,
    operations: Operations,
    commands: Commands,
    plan: bool = False,
    reason: str = "",
) -> None:
    """Carry an order out and answer with what came of it. Raises PluginRefusedError."""
    await ctx.defer()
    actor = commands.invocation.actor
    wanted = name.strip().lower()
    change = await operations.change_plugin(action, wanted, actor=actor, plan=plan, reason=reason)
    await ctx.respond(embed=card(change, commands))


@access.admin
class Load(lightbulb.SlashCommand, name="load", description="Load and start a plugin that is installed"):
    """Takes its code as it is installed now."""

    name = lightbulb.string("name", "Which plugin", autocomplete=suggest)

    @lightbulb.invoke
    async def invoke(self, ctx: lightbulb.Context, operations: Operations, commands: Commands) -> None:
        """Answer with how it came up."""
        await _order(ctx, PluginAction.LOAD, self.name, operations=operations, commands=commands)


@access.admin
class Unload(lightbulb.SlashCommand, name="unload", description="Take a plugin out, and prove that nothing is left"):
    """What it contributed goes with it."""

    name = lightbulb.string("name", "Which plugin", autocomplete=suggest)

    @lightbulb.invoke
    async def invoke(self, ctx: lightbulb.Context, operations: Operations, commands: Commands) -> None:
        """Answer with what is left of it."""
        await _order(ctx, PluginAction.UNLOAD, self.name, operations=operations, commands=commands)


@access.admin
class ReloadPlugin(
    lightbulb.SlashCommand, name="reload", description="Put a plugin's installed code in place of what serves"
):
    """Goes back to the old code when the new does not come up."""

    name = lightbulb.string("name", "Which plugin", autocomplete=suggest)
    plan = lightbulb.boolean("plan", "Only say what would change", default=False)

    @lightbulb.invoke
    async def invoke(self, ctx: lightbulb.Context, operations: Operations, commands: Commands) -> None:
        """Answer with what changed, or why the old code serves on."""
        await _order(ctx, PluginAction.RELOAD, self.name, operations=operations, commands=commands, plan=self.plan)


@access.admin
class Quarantine(lightbulb.SlashCommand, name="quarantine", description="Skip a plugin's work until it is reinstated"):
    """Its commands answer that they are unavailable; nothing of it is taken out."""

    name = lightbulb.string("name", "Which plugin", autocomplete=suggest)
    reason = lightbulb.string("reason", "Why, for whoever reads it later", default="", max_length=200)

    @lightbulb.invoke
    async def invoke(self, ctx: lightbulb.Context, operations: Operations, commands: Commands) -> None:
        """Answer with how it is now."""
        await _order(
            ctx, PluginAction.QUARANTINE, self.name, operations=operations, commands=commands, reason=self.reason
        )


@access.admin
class Reinstate(lightbulb.SlashCommand, name="reinstate", description="End a plugin's quarantine now"):
    """Its calls pass again, and the faults that led to the quarantine are forgotten."""

    name = lightbulb.string("name", "Which plugin", autocomplete=suggest)

    @lightbulb.invoke
    async def invoke(self, ctx: lightbulb.Context, operations: Operations, commands: Commands) -> None:
        """Answer with how it is now."""
        await _order(ctx, PluginAction.REINSTATE, self.name, operations=operations, commands=commands)


def card(change: PluginChange, commands: Commands) -> hikari.Embed:
    """Return what came of an order, for whoever gave it."""
    done = _DONE[change.action]
    title = _TITLES.get(change.outcome, "{}").format(done)
    text = [
        *(_told(change, change.reload, commands) if change.reload else _state(change, commands)),
        f"-# {millis(change.duration)} · by {mention(change.actor)} · reference {code(change.trace[:8])}",
    ]
    return commands.card(
        f"{change.plugin.name} · {title}",
        text,
        severity=_SEVERITIES.get(change.outcome, Severity.WARNING),
        fields=_parts(change.reload) if change.reload else [],
    )


def _state(change: PluginChange, commands: Commands) -> list[str]:
    plugin, form = change.plugin, f"{commands.prefix}ops plugins"
    if change.leaked:
        return [f"It is out, but this is left of it: {plugin.reason.removeprefix('leaked: ')}.", _REBOOT]
    if not change.ok:
        return [
            f"It is {plugin.state.value}: {code(named(plugin.reason), 500)}",
            "Correct the cause, then load it again.",
        ]
    has = ", ".join(f"{count} {kind}{'s' * (count != 1)}" for kind, count in plugin.contributions.items()) or "nothing"
    return {
        PluginAction.LOAD: [f"Version {plugin.version or '—'} serves. It contributes {has}."],
        PluginAction.UNLOAD: [f"Nothing of it is left. {code(f'{form} load {plugin.name}')} brings it back."],
        PluginAction.QUARANTINE: [
            "Its work is skipped, and its commands say so.",
            f"{code(f'{form} reinstate {plugin.name}')} ends that.",
        ],
        PluginAction.REINSTATE: ["Its calls pass again."],
    }[change.action]


_REBOOT = "It goes with the next restart of the bot."


def _told(change: PluginChange, reload: PluginReload, commands: Commands) -> list[str]:
    form = f"{commands.prefix}ops"
    with_it = [f"Along with it, what needs it: {', '.join(map(code, reload.with_it))}."] if reload.with_it else []
    if reload.reboot:
        return [
            f"{reload.reboot}.",
            f"Nothing was changed. Install what it needs, then {code(f'{form} reload --reboot')}.",
        ]
    if reload.error:
        fix = f"Correct it, then {code(f'{form} plugins reload {reload.plugin}')} again."
        return [f"The new code did not come up, so nothing was changed: {code(reload.error, 500)}", fix]
    versions = reload.new_version or "—"
    if reload.old_version != reload.new_version:
        versions = f"{reload.old_version or '—'} → {versions}"
    changes = "" if reload.added or reload.removed or reload.changed else " It contributes the same as before."
    what = (
        f"Version {versions}, {len(reload.modules)} modules {'to import' if change.plan else 'imported'} anew.{changes}"
    )
    todo = (
        [f"Nothing was changed yet: {code(f'{form} plugins reload {reload.plugin}')} does it."] if change.plan else []
    )
    left = [f"This is left of the old code: {', '.join(reload.left)}.", _REBOOT] if reload.left else []
    return [what, *with_it, *todo, *left]


def _parts(reload: PluginReload) -> list[CardField]:
    parts = {"Added": reload.added, "Removed": reload.removed, "Changed": reload.changed}
    return [field for name, entries in parts.items() for field in pages(name, [code(entry) for entry in entries])]
