"""``ops checksheet``: do the spreadsheets open, are the tabs there, do headers and rows fit?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import lightbulb

from coreops_hookspecs import (
    BucketStatus,
    CardField,
    Commands,
    Operations,
    Severity,
    SheetReport,
    TabReport,
    Telemetry,
    access,
)
from coreops_ops.wording import ago, code, rows, tail

__all__ = ["CheckSheet"]

_HEADERS = 12


@access.staff
class CheckSheet(
    lightbulb.SlashCommand, name="checksheet", description="Look at the spreadsheets: tabs, headers, rows"
):
    """Reads tab lists and headers now; rows are those that the tables serve."""

    debug = lightbulb.boolean("debug", "Show sizes, first cells, other tabs and where copies come from", default=False)

    @lightbulb.invoke
    async def invoke(
        self, ctx: lightbulb.Context, operations: Operations, telemetry: Telemetry, commands: Commands
    ) -> None:
        """Answer with every spreadsheet that a setting names."""
        await ctx.defer()
        reports = await operations.inspect_sheets(sample=self.debug)
        buckets = {bucket.name: bucket for bucket in telemetry.buckets()}
        await _show(ctx, reports, _Look(buckets, commands, self.debug))


@dataclass(frozen=True, slots=True)
class _Look:
    """What the answer is made with: the tables by name, the caller's words, and whether details are wanted."""

    buckets: Mapping[str, BucketStatus]
    commands: Commands
    debug: bool


async def _show(ctx: lightbulb.Context, reports: Sequence[SheetReport], look: _Look) -> None:
    say, show = look.commands.say, look.commands.show
    if not reports:
        await show(ctx, say("Spreadsheets"), say("No setting names one."), severity=Severity.WARNING)
        return
    bad = sum(not report.ok for report in reports)
    spoilt = any(bucket.problem_count or bucket.last_error for bucket in look.buckets.values())
    title = (
        look.commands.say_many("Spreadsheets · {count} problem", "Spreadsheets · {count} problems", bad)
        if bad
        else say("Spreadsheets · all open, all headers fit")
    )
    severity = Severity.ERROR if bad else Severity.WARNING if spoilt else Severity.OK
    await show(ctx, title, severity=severity, fields=[_sheet(report, look) for report in reports])


def _sheet(report: SheetReport, look: _Look) -> CardField:
    say = look.commands.say
    name = f"{'✅' if report.ok else '❌'} {report.setting} {tail(report.spreadsheet, look.commands)}"
    if report.error:
        return CardField(name, [say("could not be opened: {error}", error=code(report.error, 300))])
    lines = [line for tab in report.tabs for line in _tab(tab, look)]
    if look.debug:
        others = code(", ".join(report.others), 900)
        lines.append(say("other tabs: {tabs}", tabs=others) if report.others else say("no other tabs"))
    return CardField(name, lines or [say("opened; nothing reads it")])


def _tab(tab: TabReport, look: _Look) -> list[str]:
    say = look.commands.say
    read = [look.buckets[name] for name in tab.readers if name in look.buckets]
    sign = "❌" if tab.problems else "⚠️" if any(one.problem_count or one.last_error for one in read) else "✅"
    served = f" · {say('{rows} served', rows=rows(read[0].rows, look.commands))}" if read else ""
    readers = say("for {who}", who=", ".join(tab.readers))
    lines = [f"{sign} **{tab.title}** {readers}{served}"]
    lines += [f"→ {code(problem, 300)}" for problem in tab.problems]
    lines += [line for bucket in read for line in _trouble(bucket, look.commands)]
    if tab.found:
        more = len(tab.headers) - _HEADERS
        headers = code(", ".join(tab.headers if look.debug else tab.headers[:_HEADERS]), 900)
        cut = f" {say('and {count} more', count=more)}" if more > 0 and not look.debug else ""
        lines.append(f"{say('headers: {headers}', headers=headers)}{cut}")
    return [*lines, *_details(tab, read, look.commands)] if look.debug else lines


def _trouble(bucket: BucketStatus, commands: Commands) -> list[str]:
    lines, say = [], commands.say
    if bucket.last_error:
        since = f" {say('since {ago}', ago=ago(bucket.failing_since))}" if bucket.failing_since else ""
        old = f"; {say('its rows were read {ago}', ago=ago(bucket.loaded_at))}" if bucket.loaded_at else ""
        told = say("{table} could not be read", table=bucket.name)
        lines.append(f"→ {told}{since}{old}: {code(bucket.last_error, 200)}")
    if bucket.problem_count:
        told = say("{rows} left out of {table}", rows=rows(bucket.problem_count, commands), table=bucket.name)
        lines.append(f"→ {told}: {code('; '.join(map(str, bucket.problems[:3])), 300)}")
    return lines


def _details(tab: TabReport, read: Sequence[BucketStatus], commands: Commands) -> list[str]:
    say = commands.say
    lines = [say("grid: {rows} × {columns}", rows=tab.rows, columns=tab.columns)] if tab.found else []
    for number, (first, second) in enumerate(_first_two(tab.sample), start=2):
        lines.append(f"A{number}: {code(first, 40)} · B{number}: {code(second, 40)}")
    for bucket in read:
        if (kept := bucket.last_good) is not None:
            place = say("{cell} of {spreadsheet}", cell=kept.tab, spreadsheet=tail(kept.spreadsheet, commands))
            copy = say("{table} on disk: {place}, read {ago}", table=bucket.name, place=place, ago=ago(kept.loaded_at))
            lines.append(f"{copy}, sha256 `{kept.sha256[:12]}`")
    return lines


def _first_two(sample: Sequence[Sequence[str]]) -> list[tuple[str, str]]:
    return [(row[0] if row else "", row[1] if len(row) > 1 else "") for row in sample]
