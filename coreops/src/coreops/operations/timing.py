"""When the operator wants a job to run that its plugin lets them time: a setting with a time of day, one with a zone.

As with buckets, a reload takes a new time over together with everything else or not at all.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Final, Protocol

from coreops.operations.tuning import Settings
from coreops.scheduler.schedule import checked
from coreops_hookspecs.errors import DeclarationError
from coreops_hookspecs.jobs import JobSpec
from coreops_shared.config.declared import Resolved

__all__ = ["Jobs", "Timing", "timed"]

Run = Callable[[], Awaitable[None]]

_TIME: Final = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")


class Jobs(Protocol):
    """The part of the scheduler that jobs are put into."""

    def add(self, plugin: str, spec: JobSpec, run: Run) -> Callable[[], None]: ...
    def retime(self, spec: JobSpec) -> None: ...


class Timing:
    """Jobs as their plugins declared them, at the times that the operator wants.

    Args:
        settings: Where the operator's wishes are looked up.
        jobs: Where jobs are kept.
        report: Told what cannot be used; the declaration serves instead.
    """

    def __init__(self, settings: Settings, jobs: Jobs, report: Callable[[str], None]) -> None:
        self._settings = settings
        self._jobs = jobs
        self._report = report
        self._declared: dict[str, JobSpec] = {}

    def add(self, plugin: str, spec: JobSpec, run: Run) -> Callable[[], None]:
        """Take up a job at its time; return what removes it.

        Raises:
            DeclarationError: the job cannot be used, or names a setting that nobody declares.
        """
        for key in filter(None, (spec.at, spec.zone)):
            if key not in self._settings.resolved():
                msg = f"job {spec.name!r} is timed by {key}, which no plugin declares as a setting"
                raise DeclarationError(msg)
        remove_job = self._jobs.add(plugin, self._timed(spec), run)

        def remove() -> None:
            self._declared.pop(spec.name, None)
            remove_job()

        if spec.at or spec.zone:
            self._declared[spec.name] = spec
        return remove

    def problems(self, values: Mapping[str, Resolved]) -> list[str]:
        """Return what is wrong with these values, before they are taken over."""
        return [text for spec in self._declared.values() for text in timed(spec, values)[1]]

    def apply(self) -> None:
        """Bring every job in step with the settings."""
        for spec in self._declared.values():
            self._jobs.retime(self._timed(spec))

    def _timed(self, spec: JobSpec) -> JobSpec:
        wanted, problems = timed(spec, self._settings.resolved())
        for problem in problems:
            self._report(problem)
        return wanted


def timed(declared: JobSpec, values: Mapping[str, Resolved]) -> tuple[JobSpec, list[str]]:
    """Return a job at the time that the operator wants, and what cannot be used; then it stays as declared."""
    time, zone = values.get(declared.at), values.get(declared.zone)
    wanted = declared
    if time is not None:
        found = _TIME.fullmatch(str(time.value).strip())
        if found is None:
            return declared, [f'{declared.at} ({time.source}): "{time.value}" is not a time of day such as 09:00']
        wanted = replace(wanted, cron=f"{int(found[2])} {int(found[1])} * * *")
    if zone is not None:
        wanted = replace(wanted, timezone=str(zone.value).strip())
        try:
            checked(wanted)
        except DeclarationError as error:
            return declared, [f"{declared.zone} ({zone.source}): {error}"]
    return wanted, []
