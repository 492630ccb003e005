"""The command ``welcome-refresh``."""

from __future__ import annotations

import lightbulb

from coreops_hookspecs import Cache, CardField, Commands, Invocation, Severity, Snapshot, access
from coreops_hookspecs.errors import BucketColdError
from coreops_welcome.templates import Template

__all__ = ["WelcomeRefresh"]


@access.staff
class WelcomeRefresh(lightbulb.SlashCommand, name="welcome-refresh", description="Read the welcome texts again"):
    """Reads the tab now and says what changed, and which rows cannot be used."""

    @lightbulb.invoke
    async def invoke(self, ctx: lightbulb.Context, cache: Cache, commands: Commands, running: Invocation) -> None:
        """Answer with how the read ended."""
        await ctx.defer()
        before = _known(cache)
        result = await cache.refresh_now("welcome_templates", actor=running.actor)
        if not result.ok:
            kept = "The last good texts go on being used." if before else "There are no texts to use yet."
            title, text = "The welcome texts could not be read", f"{result.error}\n{kept}"
            await ctx.respond(embed=commands.card(title, text, severity=Severity.ERROR))
            return
        now: Snapshot[Template] = cache.get_snapshot("welcome_templates")
        lines = _changes(before, now)
        commands.changed("welcome_templates", f"{len(before.rows) if before else 0} texts", f"{len(now.rows)} texts")
        fields = [CardField("Changes", lines)]
        if now.problem_count:
            fields.append(CardField("Rows left out", [str(problem) for problem in now.problems]))
        severity = Severity.WARNING if now.problem_count else Severity.INFO
        title = f"{len(now.rows)} welcome texts, {now.problem_count} rows left out"
        await commands.show(ctx, title, severity=severity, fields=fields)


def _known(cache: Cache) -> Snapshot[Template] | None:
    try:
        return cache.get_snapshot("welcome_templates")
    except BucketColdError:
        return None


def _changes(before: Snapshot[Template] | None, now: Snapshot[Template]) -> list[str]:
    if before is None:
        return ["read for the first time"]
    diff = now.since(before)
    return [
        *(f"`{key}` is new" for key in diff.added),
        *(f"`{key}` is gone" for key in diff.removed),
        *(f"`{change.key}`: {', '.join(name for name, _, _ in change.fields)}" for change in diff.changed),
    ] or ["none"]
