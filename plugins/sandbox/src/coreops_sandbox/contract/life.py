"""The plugin comes up, works by the clock, and goes without a trace."""

from __future__ import annotations

from collections.abc import Sequence

from coreops_hookspecs import PluginState, RunOutcome
from coreops_sandbox.contract.subject import ALWAYS, Subject

__all__ = ["declarations", "jobs", "unload"]


async def declarations(subject: Subject) -> Sequence[str]:
    """Boot a runtime, which checks every declaration: the plugin must be active without a single fault."""
    report = subject.report(await subject.start())
    if report.state is not PluginState.ACTIVE:
        return [f"the plugin is {report.state}: {report.reason}"]
    return [f"{report.faults} faults while it started; the log says which"] if report.faults else []


async def jobs(subject: Subject) -> Sequence[str]:
    """Run every job once: it must end well."""
    bot = await subject.start()
    runs = [await bot.running.run_job(job.name) for job in subject.declared("coreops_jobs")]
    return [f"job {run.job} ended with {run.outcome}: {run.error}" for run in runs if run.outcome is not RunOutcome.OK]


async def unload(subject: Subject) -> Sequence[str]:
    """Take the plugin out of a running runtime: nothing of it may be left."""
    if subject.info.name == ALWAYS:
        return []
    bot = await subject.start()
    before = subject.report(bot)
    if before.state is not PluginState.ACTIVE:
        return [f"the plugin is {before.state}: {before.reason}"]
    report = await bot.running.unload(subject.info.name)
    if report.state is not PluginState.UNLOADED or "leaked" in report.reason:
        return [f"after unloading the plugin is {report.state}: {report.reason}"]
    if report.faults > before.faults:
        return [f"coreops_shutdown failed {report.faults - before.faults} times; the log says how"]
    return []
