"""``ops reload``: configuration, toggles and the tables' times are read again; with ``--reboot`` the bot restarts."""

from __future__ import annotations

from collections.abc import Sequence

import hikari
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
    access,
)
from coreops_hookspecs.errors import ConfigError
from coreops_ops.wording import code, mention, millis, pages

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
            await ctx.respond(embed=_refusal(error, commands))
            return
        await ctx.respond(embed=_card(report, commands, reboot=self.reboot))


def _card(report: ReloadReport, commands: Commands, *, reboot: bool) -> hikari.Embed:
    title = "Reload · kept as it was" if report.problems else "Reload · done"
    if reboot:
        title = "Restarting · I report back here"
    bad = report.problems or report.toggle_problems
    return commands.card(
        title,
        f"{_summary(report)}\n-# {millis(report.duration)} · by {mention(report.actor)}",
        severity=Severity.WARNING if bad else Severity.OK,
        fields=_fields(report),
    )


def _summary(report: ReloadReport) -> str:
    if report.problems:
        return "Nothing of the configuration was taken over, because of these problems. Correct them and reload again."
    return "Everything was read again." if report.changes else "Everything was read again; nothing changed."


def _fields(report: ReloadReport) -> list[CardField]:
    diff = report.diff
    told = {change.key for change in report.settings}
    others = {"added": diff.added, "removed": diff.removed, "changed": diff.changed}
    lines = {
        "Problems": [f"❌ {code(text, 300)}" for text in report.problems],
        "Settings": [_setting(change) for change in report.settings],
        "Keys that no plugin declares": [
            f"{code(key)} {what}" for what, keys in others.items() for key in keys if key not in told
        ],
        "Toggles": [
            f"{'🟢' if toggle.enabled else '⚪'} **{toggle.name}** is {'on' if toggle.enabled else 'off'} now: "
            f"{code(toggle.reason, 200)}"
            for toggle in report.toggles
        ],
        "Tables": [_bucket(change) for change in report.buckets],
        "Problems of the toggles": [f"⚠️ {code(text, 300)}" for text in report.toggle_problems],
        "Used after a restart": [code(key) for key in report.waiting],
    }
    return [field for name, entries in lines.items() for field in pages(name, entries)]


def _setting(change: SettingChange) -> str:
    values = "changed (withheld)" if change.secret else f"{code(_text(change.old))} → {code(_text(change.new))}"
    return f"{code(change.key)} {values} · {change.source}"


def _bucket(change: BucketChange) -> str:
    reading = " · being read now" if change.what == "tab" else ""
    return f"**{change.bucket}** {change.what.replace('_', ' ')} {code(change.old)} → {code(change.new)}{reading}"


def _refusal(error: ConfigError, commands: Commands) -> hikari.Embed:
    problems: Sequence[str] = error.problems or (str(error),)
    text = "With the settings as they stand now the bot would not come up again, so it goes on as it is."
    fields = pages("Problems", [f"❌ {code(problem, 300)}" for problem in problems])
    return commands.card("Restart refused", text, severity=Severity.ERROR, fields=fields)


def _text(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else "none" if value is None else str(value)
