"""What a check found, and counting it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["Finding", "good", "problem", "problems_in", "warning", "warnings_in"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    Args:
        what: The thing, for example ``tab Clans``.
        ok: Whether it can be used as it is.
        detail: What was found, or what to do.
        warns: Whether it should be changed although it can be used.
    """

    what: str
    ok: bool
    detail: str
    warns: bool = False

    @property
    def result(self) -> str:
        """``ok``, ``warning`` or ``problem``."""
        if not self.ok:
            return "problem"
        return "warning" if self.warns else "ok"


def good(what: str, detail: str) -> Finding:
    """Return a finding without a problem."""
    return Finding(what, ok=True, detail=detail)


def problem(what: str, detail: str) -> Finding:
    """Return a finding that is a problem."""
    return Finding(what, ok=False, detail=detail)


def warning(what: str, detail: str) -> Finding:
    """Return a finding that is no problem and should be changed all the same."""
    return Finding(what, ok=True, detail=detail, warns=True)


def problems_in(findings: Iterable[Finding]) -> int:
    """Return how many findings are problems."""
    return sum(not finding.ok for finding in findings)


def warnings_in(findings: Iterable[Finding]) -> int:
    """Return how many findings are warnings."""
    return sum(finding.warns for finding in findings)
