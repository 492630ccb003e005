"""``ops jobs``: what runs by the clock, when, how it went, and stopping or starting it by hand."""

from __future__ import annotations

import lightbulb

from coreops_hookspecs import Commands, JobRun, JobStatus, RunOutcome, Scheduler, Severity, access
from coreops_hookspecs.errors import CoreOpsError, UsageError
from coreops_ops.wording import ago, code, count, mention, millis, near

__all__ = ["History", "ListJobs", "Next", "PauseJob", "ResumeJob", "RunJob"]

_SIGNS = {RunOutcome.OK: "✅", RunOutcome.SKIPPED: "⏭️", RunOutcome.MISSED: "⏰", RunOutcome.ABANDONED: "✂️"}
_BAD = frozenset({RunOutcome.ERROR, RunOutcome.TIMEOUT})


async def _suggest(ctx: lightbulb.AutocompleteContext[str], scheduler: Scheduler = lightbulb.di.INJECTED) -> None:
    typed = str(ctx.focused.value or "").lower()
    await ctx.respond([job.name for job in scheduler.list_jobs() if typed in job.name.lower()][:25])


@access.staff
class ListJobs(lightbulb.SlashCommand, name="list", description="List what runs by the clock"):
    """Shows every job, when it runs next and how its last run ended."""

    @lightbulb.invoke
    async def invoke(self, ctx: lightbulb.Context, scheduler: Scheduler, commands: Commands) -> None:
        """Answer with a line for each job."""
        jobs = scheduler.list_jobs()
        bad = any(job.last is not None and job.last.outcome in _BAD for job in jobs)
        lines = [_line(job) for job in jobs] or ["Nothing runs by the clock."]
        severity = Severity.WARNING if bad else Severity.OK
        await ctx.respond(embed=commands.card(f"Jobs · {len(jobs)}", lines, severity=severity))


@access.staff
class Next(lightbulb.SlashCommand, name="next", description="Show when a job runs next"):
    """Shows the next five times of a job, in each reader's own time."""

    name = lightbulb.string("name", "Which job", autocomplete=_suggest)

    @lightbulb.invoke
    async def invoke(self, ctx: lightbulb.Context, scheduler: Scheduler, commands: Commands) -> None:
        """Answer with instants."""
        name = _name(self.name, scheduler)
        instants = scheduler.upcoming(name)
        job = next(each for each in scheduler.list_jobs() if each.name == name)
        head = [f"by {code(job.schedule)} in {job.timezone} · {job.policy}", *_paused(job, commands)]
        lines = [f"<t:{int(at.timestamp())}:F> · {ago(at)}" for at in instants]
        await ctx.respond(embed=commands.card(f"Job {name} · next {len(lines)}", [*head, *lines]))


@access.staff
class History(lightbulb.SlashCommand, name="history", description="Show how the latest runs of a job ended"):
    """Shows runs that ended, that were skipped or missed, and that were cut off, newest first."""

    name = lightbulb.string("name", "Which job", autocomplete=_suggest)
    limit = lightbulb.integer("limit", "How many", default=10, min_value=1, max_value=50)

    @lightbulb.invoke
    async def invoke(self, ctx: lightbulb.Context, scheduler: Scheduler, commands: Commands) -> None:
        """Answer with a line for each run."""
        name = _name(self.name, scheduler)
        runs = await scheduler.history(name, self.limit)
        lines = [_run(run) for run in runs] or ["It has not run yet."]
        await ctx.respond(embed=commands.card(f"Job {name} · {count(len(runs), 'run')}", lines))


@access.admin
class RunJob(lightbulb.SlashCommand, name="run", description="Run a job now, paused or not"):
    """Runs a job and waits for its end."""

    name = lightbulb.string("name", "Which job", autocomplete=_suggest)

    @lightbulb.invoke
    async def invoke(self, ctx: lightbulb.Context, scheduler: Scheduler, commands: Commands) -> None:
        """Answer with how the run ended."""
        await ctx.defer()
        run = await scheduler.run_now(_name(self.name, scheduler), actor=commands.invocation.actor)
        severity = Severity.OK if run.outcome is RunOutcome.OK else Severity.WARNING
        title = f"Job {run.job} · {run.outcome.value}"
        await ctx.respond(embed=commands.card(title, _run(run), severity=severity))


@access.admin
class PauseJob(lightbulb.SlashCommand, name="pause", description="Run a job no more by the clock"):
    """Pauses a job until it is resumed, over restarts too."""

    name = lightbulb.string("name", "Which job", autocomplete=_suggest)

    @lightbulb.invoke
    async def invoke(self, ctx: lightbulb.Context, scheduler: Scheduler, commands: Commands) -> None:
        """Answer with the job as it is now."""
        name, kept = _name(self.name, scheduler), ""
        try:
            job = await scheduler.pause(name, actor=commands.invocation.actor)
        except CoreOpsError as error:
            found = [each for each in scheduler.list_jobs() if each.name == name and each.pause]
            if not found:
                raise
            job = found[0]
            kept = f"⚠️ It runs again after a restart, because this could not be written down: {code(error, 200)}"
        lines = [_line(job), *_paused(job, commands), *([kept] if kept else [])]
        await ctx.respond(embed=commands.card(f"Job {name} · paused", lines, severity=Severity.WARNING))


@access.admin
class ResumeJob(lightbulb.SlashCommand, name="resume", description="Run a paused job by the clock again"):
    """Ends a pause; times that passed meanwhile are not made up for."""

    name = lightbulb.string("name", "Which job", autocomplete=_suggest)

    @lightbulb.invoke
    async def invoke(self, ctx: lightbulb.Context, scheduler: Scheduler, commands: Commands) -> None:
        """Answer with the job as it is now."""
        job = await scheduler.resume(_name(self.name, scheduler), actor=commands.invocation.actor)
        await ctx.respond(embed=commands.card(f"Job {job.name} · runs again", _line(job), severity=Severity.OK))


def _name(typed: str, scheduler: Scheduler) -> str:
    """Return the name of a job that there is. Raises UsageError."""
    name, known = typed.strip().lower(), [job.name for job in scheduler.list_jobs()]
    if name not in known:
        msg = f"there is no job {name[:100]!r}"
        raise UsageError(msg, user_message=f"There is no job {code(name)}.{near(name, known)}")
    return name


def _line(job: JobStatus) -> str:
    zone = "" if job.timezone == "UTC" else f" {job.timezone}"
    if job.pause is not None:
        when = f"⏸️ paused {ago(job.pause.at)} by {mention(job.pause.actor)}"
    else:
        when = "running now" if job.running else f"next {ago(job.next_at)}" if job.next_at else "not planned"
    last = "never ran" if job.last is None else f"last {job.last.outcome.value} {ago(job.last.started_at)}"
    why = f"\nbecause: {code(job.last.error, 200)}" if job.last is not None and job.last.outcome in _BAD else ""
    return f"{_sign(job.last)} **{job.name}** {code(job.schedule)}{zone} · {when} · {last}{why}"


def _run(run: JobRun) -> str:
    times = f" · {count(run.slots, 'time')}" if run.slots != 1 else ""
    why = f"\nbecause: {code(run.error, 200)}" if run.error else ""
    about = f"{run.outcome.value} · {ago(run.started_at)} · {millis(run.duration)} · by {mention(run.actor)}"
    return f"{_sign(run)} {about}{times} · {code(run.trace)}{why}"


def _sign(run: JobRun | None) -> str:
    return "✅" if run is None else _SIGNS.get(run.outcome, "❌")


def _paused(job: JobStatus, commands: Commands) -> list[str]:
    return [f"⏸️ paused: `{commands.prefix}ops jobs resume {job.name}` lets it run again"] if job.pause else []
