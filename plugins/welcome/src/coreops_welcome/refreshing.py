"""The command ``welcome-refresh``."""

from __future__ import annotations

from collections.abc import Callable

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
        say = commands.say
        before = _known(cache)
        result = await cache.refresh_now("welcome_templates", actor=running.actor)
        if not result.ok:
            kept = say("The last good texts go on being used.") if before else say("There are no texts to use yet.")
            title = say("The welcome texts could not be read")
            await ctx.respond(embed=commands.card(title, f"{result.error}\n{kept}", severity=Severity.ERROR))
            return
        now: Snapshot[Template] = cache.get_snapshot("welcome_templates")
        lines = _changes(before, now, say)
        commands.changed("welcome_templates", f"{len(before.rows) if before else 0} texts", f"{len(now.rows)} texts")
        fields = [CardField(say("Changes"), lines)]
        if now.problem_count:
            fields.append(CardField(say("Rows left out"), [str(problem) for problem in now.problems]))
        severity = Severity.WARNING if now.problem_count else Severity.INFO
        texts = commands.say_many("{count} welcome text", "{count} welcome texts", len(now.rows))
        left = commands.say_many("{count} row left out", "{count} rows left out", now.problem_count)
        await commands.show(ctx, f"{texts}, {left}", severity=severity, fields=fields)


def _known(cache: Cache) -> Snapshot[Template] | None:
    try:
        return cache.get_snapshot("welcome_templates")
    except BucketColdError:
        return None


def _changes(before: Snapshot[Template] | None, now: Snapshot[Template], say: Callable[..., str]) -> list[str]:
    if before is None:
        return [say("read for the first time")]
    diff = now.since(before)
    return [
        *(say("`{key}` is new", key=key) for key in diff.added),
        *(say("`{key}` is gone", key=key) for key in diff.removed),
        *(f"`{change.key}`: {', '.join(name for name, _, _ in change.fields)}" for change in diff.changed),
    ] or [say("none")]
