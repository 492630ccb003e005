"""``ops checksheet``: do the spreadsheets open, are the tabs there, do headers and rows fit?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import hikari
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
from coreops_ops.wording import ago, code, count, pages, tail

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
        await ctx.respond(embed=_card(reports, buckets, commands, debug=self.debug))


def _card(
    reports: Sequence[SheetReport], buckets: Mapping[str, BucketStatus], commands: Commands, *, debug: bool
) -> hikari.Embed:
    if not reports:
        return commands.card("Spreadsheets", "No setting names one.", severity=Severity.WARNING)
    fields = [field for report in reports for field in _sheet(report, buckets, debug=debug)]
    bad = sum(not report.ok for report in reports)
    spoilt = any(bucket.problem_count or bucket.last_error for bucket in buckets.values())
    title = f"Spreadsheets · {count(bad, 'problem')}" if bad else "Spreadsheets · all open, all headers fit"
    severity = Severity.ERROR if bad else Severity.WARNING if spoilt else Severity.OK
    return commands.card(title, severity=severity, fields=fields)


def _sheet(report: SheetReport, buckets: Mapping[str, BucketStatus], *, debug: bool) -> list[CardField]:
    name = f"{'✅' if report.ok else '❌'} {report.setting} {tail(report.spreadsheet)}"
    if report.error:
        return pages(name, [f"could not be opened: {code(report.error, 300)}"])
    lines = [line for tab in report.tabs for line in _tab(tab, buckets, debug=debug)]
    if debug:
        lines.append(f"other tabs: {code(', '.join(report.others), 120)}" if report.others else "no other tabs")
    return pages(name, lines or ["opened; nothing reads it"])


def _tab(tab: TabReport, buckets: Mapping[str, BucketStatus], *, debug: bool) -> list[str]:
    read = [buckets[name] for name in tab.readers if name in buckets]
    sign = "❌" if tab.problems else "⚠️" if any(one.problem_count or one.last_error for one in read) else "✅"
    rows = f" · {count(read[0].rows, 'row')} served" if read else ""
    lines = [f"{sign} **{tab.title}** for {', '.join(tab.readers)}{rows}"]
    lines += [f"→ {code(problem, 300)}" for problem in tab.problems]
    lines += [line for bucket in read for line in _trouble(bucket)]
    if tab.found:
        more = len(tab.headers) - _HEADERS
        shown = ", ".join(tab.headers if debug else tab.headers[:_HEADERS])
        lines.append(f"headers: {code(shown, 400)}{f' and {more} more' if more > 0 and not debug else ''}")
    return [*lines, *_details(tab, read)] if debug else lines


def _trouble(bucket: BucketStatus) -> list[str]:
    lines = []
    if bucket.last_error:
        since = f" since {ago(bucket.failing_since)}" if bucket.failing_since else ""
        old = f"; its rows were read {ago(bucket.loaded_at)}" if bucket.loaded_at else ""
        lines.append(f"→ {bucket.name} could not be read{since}{old}: {code(bucket.last_error, 200)}")
    if bucket.problem_count:
        shown = "; ".join(map(str, bucket.problems[:3]))
        lines.append(f"→ {count(bucket.problem_count, 'row')} left out of {bucket.name}: {code(shown, 300)}")
    return lines


def _details(tab: TabReport, read: Sequence[BucketStatus]) -> list[str]:
    lines = [f"grid: {tab.rows} × {tab.columns}"] if tab.found else []
    for number, (first, second) in enumerate(_first_two(tab.sample), start=2):
        lines.append(f"A{number}: {code(first, 40)} · B{number}: {code(second, 40)}")
    for bucket in read:
        if (kept := bucket.last_good) is not None:
            place = f"{kept.tab} of {tail(kept.spreadsheet)}"
            lines.append(f"{bucket.name} on disk: {place}, read {ago(kept.loaded_at)}, sha256 `{kept.sha256[:12]}`")
    return lines


def _first_two(rows: Sequence[Sequence[str]]) -> list[tuple[str, str]]:
    return [(row[0] if row else "", row[1] if len(row) > 1 else "") for row in rows]
