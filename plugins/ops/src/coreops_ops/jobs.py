"""``ops jobs``: what runs by the clock, when, how it went, and stopping or starting it by hand."""

from __future__ import annotations

import lightbulb

from coreops_hookspecs import Commands, JobRun, JobStatus, RunOutcome, Scheduler, Severity, access
from coreops_hookspecs.errors import CoreOpsError, UsageError
from coreops_ops.wording import ago, code, mention, millis, near

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
        lines = [_line(job, commands) for job in jobs] or [commands.say("Nothing runs by the clock.")]
        severity = Severity.WARNING if bad else Severity.OK
        await commands.show(ctx, commands.say("Jobs · {count}", count=len(jobs)), lines, severity=severity)


@access.staff
class Next(lightbulb.SlashCommand, name="next", description="Show when a job runs next"):
    """Shows the next five times of a job, in each reader's own time."""

    name = lightbulb.string("name", "Which job", autocomplete=_suggest)

    @lightbulb.invoke
    async def invoke(self, ctx: lightbulb.Context, scheduler: Scheduler, commands: Commands) -> None:
        """Answer with instants."""
        name = _name(self.name, scheduler, commands)
        instants = scheduler.upcoming(name)
        job = next(each for each in scheduler.list_jobs() if each.name == name)
        rhythm = commands.say("by {cron} in {zone}", cron=code(job.schedule), zone=job.timezone)
        head = [f"{rhythm} · {job.policy}", *_paused(job, commands)]
        lines = [f"<t:{int(at.timestamp())}:F> · {ago(at)}" for at in instants]
        await ctx.respond(
            embed=commands.card(commands.say("Job {name} · next {count}", name=name, count=len(lines)), [*head, *lines])
        )


@access.staff
class History(lightbulb.SlashCommand, name="history", description="Show how the latest runs of a job ended"):
    """Shows runs that ended, that were skipped or missed, and that were cut off, newest first."""

    name = lightbulb.string("name", "Which job", autocomplete=_suggest)
    limit = lightbulb.integer("limit", "How many", default=10, min_value=1, max_value=50)

    @lightbulb.invoke
    async def invoke(self, ctx: lightbulb.Context, scheduler: Scheduler, commands: Commands) -> None:
        """Answer with a line for each run."""
        name = _name(self.name, scheduler, commands)
        runs = await scheduler.history(name, self.limit)
        lines = [_run(run, commands) for run in runs] or [commands.say("It has not run yet.")]
        title = commands.say_many("Job {name} · {count} run", "Job {name} · {count} runs", len(runs), name=name)
        await commands.show(ctx, title, lines)


@access.admin
class RunJob(lightbulb.SlashCommand, name="run", description="Run a job now, paused or not"):
    """Runs a job and waits for its end."""

    name = lightbulb.string("name", "Which job", autocomplete=_suggest)

    @lightbulb.invoke
    async def invoke(self, ctx: lightbulb.Context, scheduler: Scheduler, commands: Commands) -> None:
        """Answer with how the run ended."""
        await ctx.defer()
        run = await scheduler.run_now(_name(self.name, scheduler, commands), actor=commands.invocation.actor)
        severity = Severity.OK if run.outcome is RunOutcome.OK else Severity.WARNING
        title = commands.say("Job {name} · {state}", name=run.job, state=commands.say(run.outcome.value))
        await ctx.respond(embed=commands.card(title, _run(run, commands), severity=severity))


@access.admin
class PauseJob(lightbulb.SlashCommand, name="pause", description="Run a job no more by the clock"):
    """Pauses a job until it is resumed, over restarts too."""

    name = lightbulb.string("name", "Which job", autocomplete=_suggest)

    @lightbulb.invoke
    async def invoke(self, ctx: lightbulb.Context, scheduler: Scheduler, commands: Commands) -> None:
        """Answer with the job as it is now."""
        name, kept = _name(self.name, scheduler, commands), ""
        try:
            job = await scheduler.pause(name, actor=commands.invocation.actor)
        except CoreOpsError as error:
            found = [each for each in scheduler.list_jobs() if each.name == name and each.pause]
            if not found:
                raise
            job = found[0]
            told = commands.say(
                "It runs again after a restart, because this could not be written down: {error}", error=code(error, 200)
            )
            kept = f"⚠️ {told}"
        lines = [_line(job, commands), *_paused(job, commands), *([kept] if kept else [])]
        title = commands.say("Job {name} · {state}", name=name, state=commands.say("paused"))
        await ctx.respond(embed=commands.card(title, lines, severity=Severity.WARNING))


@access.admin
class ResumeJob(lightbulb.SlashCommand, name="resume", description="Run a paused job by the clock again"):
    """Ends a pause; times that passed meanwhile are not made up for."""

    name = lightbulb.string("name", "Which job", autocomplete=_suggest)

    @lightbulb.invoke
    async def invoke(self, ctx: lightbulb.Context, scheduler: Scheduler, commands: Commands) -> None:
        """Answer with the job as it is now."""
        job = await scheduler.resume(_name(self.name, scheduler, commands), actor=commands.invocation.actor)
        title = commands.say("Job {name} · {state}", name=job.name, state=commands.say("runs again"))
        await ctx.respond(embed=commands.card(title, _line(job, commands), severity=Severity.OK))


def _name(typed: str, scheduler: Scheduler, commands: Commands) -> str:
    """Return the name of a job that there is. Raises UsageError."""
    name, known = typed.strip().lower(), [job.name for job in scheduler.list_jobs()]
    if name not in known:
        msg = f"there is no job {name[:100]!r}"
        told = commands.say("There is no job {name}.", name=code(name))
        raise UsageError(msg, user_message=f"{told}{near(name, known, commands)}")
    return name


def _line(job: JobStatus, commands: Commands) -> str:
    say, zone = commands.say, "" if job.timezone == "UTC" else f" {job.timezone}"
    if job.pause is not None:
        told = say("paused {ago} by {who}", ago=ago(job.pause.at), who=mention(job.pause.actor))
        when = f"⏸️ {told}"
    elif job.running:
        when = say("running now")
    else:
        when = say("next {ago}", ago=ago(job.next_at)) if job.next_at else say("not planned")
    if job.last is None:
        last = say("never ran")
    else:
        last = say("last {outcome} {ago}", outcome=say(job.last.outcome.value), ago=ago(job.last.started_at))
    why = _because(job.last.error, commands) if job.last is not None and job.last.outcome in _BAD else ""
    return f"{_sign(job.last)} **{job.name}** {code(job.schedule)}{zone} · {when} · {last}{why}"


def _run(run: JobRun, commands: Commands) -> str:
    say = commands.say
    times = f" · {commands.say_many('{count} time', '{count} times', run.slots)}" if run.slots != 1 else ""
    by = say("by {who}", who=mention(run.actor))
    about = f"{say(run.outcome.value)} · {ago(run.started_at)} · {millis(run.duration)} · {by}"
    return f"{_sign(run)} {about}{times} · {code(run.trace)}{_because(run.error, commands)}"


def _because(error: str, commands: Commands) -> str:
    return f"\n{commands.say('because: {cause}', cause=code(error, 200))}" if error else ""


def _sign(run: JobRun | None) -> str:
    return "✅" if run is None else _SIGNS.get(run.outcome, "❌")


def _paused(job: JobStatus, commands: Commands) -> list[str]:
    if not job.pause:
        return []
    resume = f"`{commands.prefix}ops jobs resume {job.name}`"
    return [f"⏸️ {commands.say('paused: {resume} lets it run again', resume=resume)}"]
