"""``ops reload``: configuration, toggles and the tables' times are read again; with ``--reboot`` the bot restarts."""

from __future__ import annotations

from collections.abc import Sequence

import lightbulb

from coreops_hookspecs import (
    BucketChange,
    CardField,
    Commands,
    Invocation,
    Operations,
    ReloadReport,
    SettingChange,
    Severity,
    ToggleState,
    access,
)
from coreops_hookspecs.errors import ConfigError
from coreops_ops.wording import code, mention, millis, parts

__all__ = ["Reload"]


@access.admin
class Reload(
    lightbulb.SlashCommand, name="reload", description="Read configuration and toggles again; --reboot restarts"
):
    """Never clears what serves; restarts only when asked to."""

    reboot = lightbulb.boolean("reboot", "Restart the bot after that; it reports back here", default=False)

    @lightbulb.invoke
    async def invoke(
        self, ctx: lightbulb.Context, operations: Operations, commands: Commands, running: Invocation
    ) -> None:
        """Answer with exactly what changed."""
        await ctx.defer()
        try:
            if self.reboot:
                report = await operations.reboot(actor=running.actor, channel_id=running.channel_id)
            else:
                report = await operations.reload(actor=running.actor)
        except ConfigError as error:
            await _refuse(ctx, error, commands)
            return
        await _show(ctx, report, commands, reboot=self.reboot)


async def _show(ctx: lightbulb.Context, report: ReloadReport, commands: Commands, *, reboot: bool) -> None:
    say = commands.say
    title = say("Reload · kept as it was") if report.problems else say("Reload · done")
    if reboot:
        title = say("Restarting · I report back here")
    by = say("by {who}", who=mention(report.actor))
    await commands.show(
        ctx,
        title,
        [_summary(report, commands), f"-# {millis(report.duration)} · {by}"],
        severity=Severity.WARNING if report.problems or report.toggle_problems else Severity.OK,
        fields=_fields(report, commands),
    )


def _summary(report: ReloadReport, commands: Commands) -> str:
    if report.problems:
        return commands.say(
            "Nothing of the configuration was taken over, because of these problems. Correct them and reload again."
        )
    if report.changes:
        return commands.say("Everything was read again.")
    return commands.say("Everything was read again; nothing changed.")


def _fields(report: ReloadReport, commands: Commands) -> list[CardField]:
    diff, say = report.diff, commands.say
    told = {change.key for change in report.settings}
    others = {say("added"): diff.added, say("removed"): diff.removed, say("changed"): diff.changed}
    return parts(
        {
            say("Problems"): [f"❌ {code(text, 300)}" for text in report.problems],
            say("Settings"): [_setting(change, commands) for change in report.settings],
            say("Keys that no plugin declares"): [
                f"{code(key)} {what}" for what, keys in others.items() for key in keys if key not in told
            ],
            say("Toggles"): [_toggle(toggle, commands) for toggle in report.toggles],
            say("Tables"): [_bucket(change, commands) for change in report.buckets],
            say("Problems of the toggles"): [f"⚠️ {code(text, 300)}" for text in report.toggle_problems],
            say("Used after a restart"): [code(key) for key in report.waiting],
        }
    )


def _setting(change: SettingChange, commands: Commands) -> str:
    if change.secret:
        values = commands.say("changed (withheld)")
    else:
        values = f"{code(_text(change.old, commands))} → {code(_text(change.new, commands))}"
    return f"{code(change.key)} {values} · {change.source}"


def _toggle(toggle: ToggleState, commands: Commands) -> str:
    now = commands.say("is on now") if toggle.enabled else commands.say("is off now")
    return f"{'🟢' if toggle.enabled else '⚪'} **{toggle.name}** {now}: {code(toggle.reason, 200)}"


def _bucket(change: BucketChange, commands: Commands) -> str:
    reading = f" · {commands.say('being read now')}" if change.what == "tab" else ""
    return f"**{change.bucket}** {change.what.replace('_', ' ')} {code(change.old)} → {code(change.new)}{reading}"


async def _refuse(ctx: lightbulb.Context, error: ConfigError, commands: Commands) -> None:
    problems: Sequence[str] = error.problems or (str(error),)
    await commands.show(
        ctx,
        commands.say("Restart refused"),
        commands.say("With the settings as they stand now the bot would not come up again, so it goes on as it is."),
        severity=Severity.ERROR,
        fields=parts({commands.say("Problems"): [f"❌ {code(problem, 300)}" for problem in problems]}),
    )


def _text(value: object, commands: Commands) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return commands.say("none") if value is None else str(value)
