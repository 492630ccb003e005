"""``ops plugins load|unload|reload|quarantine|reinstate``: one plugin is changed while the bot runs."""

from __future__ import annotations

import lightbulb

from coreops_hookspecs import (
    Commands,
    Operations,
    PluginAction,
    PluginChange,
    PluginReload,
    Severity,
    access,
)
from coreops_ops.plugins import suggest
from coreops_ops.wording import code, mention, millis, named, parts

__all__ = ["Load", "Quarantine", "Reinstate", "ReloadPlugin", "Unload"]

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
    await _show(ctx, change, commands)


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


async def _show(ctx: lightbulb.Context, change: PluginChange, commands: Commands) -> None:
    """Answer with what came of an order, for whoever gave it."""
    say = commands.say
    by = say("by {who}", who=mention(change.actor))
    text = [
        *(_told(change, change.reload, commands) if change.reload else _state(change, commands)),
        f"-# {millis(change.duration)} · {by} · {say('reference {reference}', reference=code(change.trace[:8]))}",
    ]
    entries = change.reload
    changed = (
        {say("Added"): entries.added, say("Removed"): entries.removed, say("Changed"): entries.changed}
        if entries
        else {}
    )
    await commands.show(
        ctx,
        f"{change.plugin.name} · {_title(change, commands)}",
        text,
        severity=_SEVERITIES.get(change.outcome, Severity.WARNING),
        fields=parts({name: [code(entry) for entry in found] for name, found in changed.items()}),
    )


def _title(change: PluginChange, commands: Commands) -> str:
    say = commands.say
    done = {
        PluginAction.LOAD: say("loaded"),
        PluginAction.UNLOAD: say("unloaded"),
        PluginAction.RELOAD: say("reloaded"),
        PluginAction.QUARANTINE: say("in quarantine"),
        PluginAction.REINSTATE: say("serves again"),
    }[change.action]
    titles = {
        "planned": say("plan of a reload"),
        "leaked": say("{done}, but something is left over", done=done),
        "reboot needed": say("a reboot is needed"),
        "rolled back": say("the old code serves on"),
        "failed": say("could not be {done}", done=done),
    }
    return titles.get(change.outcome, done)


def _state(change: PluginChange, commands: Commands) -> list[str]:
    plugin, form, say = change.plugin, f"{commands.prefix}ops plugins", commands.say
    if change.leaked:
        left = plugin.reason.removeprefix("leaked: ")
        return [say("It is out, but this is left of it: {left}.", left=left), _reboot(commands)]
    if not change.ok:
        reason = code(named(plugin.reason), 500)
        return [
            say("It is {state}: {reason}", state=say(plugin.state.value), reason=reason),
            say("Correct the cause, then load it again."),
        ]
    has = ", ".join(f"{count} {kind}{'s' * (count != 1)}" for kind, count in plugin.contributions.items())
    version = plugin.version or "—"
    return {
        PluginAction.LOAD: [
            say("Version {version} serves. It contributes {what}.", version=version, what=has or say("nothing"))
        ],
        PluginAction.UNLOAD: [
            say("Nothing of it is left. {load} brings it back.", load=code(f"{form} load {plugin.name}"))
        ],
        PluginAction.QUARANTINE: [
            say("Its work is skipped, and its commands say so."),
            say("{reinstate} ends that.", reinstate=code(f"{form} reinstate {plugin.name}")),
        ],
        PluginAction.REINSTATE: [say("Its calls pass again.")],
    }[change.action]


def _reboot(commands: Commands) -> str:
    return commands.say("It goes with the next restart of the bot.")


def _told(change: PluginChange, reload: PluginReload, commands: Commands) -> list[str]:
    form, say = f"{commands.prefix}ops", commands.say
    again = code(f"{form} plugins reload {reload.plugin}")
    if reload.reboot:
        reboot = code(f"{form} reload --reboot")
        return [f"{reload.reboot}.", say("Nothing was changed. Install what it needs, then {reboot}.", reboot=reboot)]
    if reload.error:
        error = code(reload.error, 500)
        return [
            say("The new code did not come up, so nothing was changed: {error}", error=error),
            say("Correct it, then {reload} again.", reload=again),
        ]
    lines = [_versions(change, reload, commands)]
    if reload.with_it:
        lines.append(say("Along with it, what needs it: {names}.", names=", ".join(map(code, reload.with_it))))
    if change.plan:
        lines.append(say("Nothing was changed yet: {reload} does it.", reload=again))
    if reload.left:
        lines += [say("This is left of the old code: {left}.", left=", ".join(reload.left)), _reboot(commands)]
    return lines


def _versions(change: PluginChange, reload: PluginReload, commands: Commands) -> str:
    say, versions, count = commands.say, reload.new_version or "—", len(reload.modules)
    if reload.old_version != reload.new_version:
        versions = f"{reload.old_version or '—'} → {versions}"
    what = (
        say("Version {versions}, {count} modules to import anew.", versions=versions, count=count)
        if change.plan
        else say("Version {versions}, {count} modules imported anew.", versions=versions, count=count)
    )
    same = not (reload.added or reload.removed or reload.changed)
    return f"{what} {say('It contributes the same as before.')}" if same else what
