"""How many file descriptors are in use: a process without any accepts no connection and opens no file, silently."""

from __future__ import annotations

import resource
from pathlib import Path
from typing import Final

from coreops_hookspecs.health import CheckResult, HealthStatus

__all__ = ["check_descriptors"]

_FOLDERS: Final = (Path("/proc/self/fd"), Path("/dev/fd"))
"""Where the system lists them: Linux, and macOS with the BSDs."""
_SHARE: Final = 0.8
"""Part of the limit from which on it is told."""


def check_descriptors() -> CheckResult:
    """Return whether there are enough left."""
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    advice = "raise LimitNOFILE or `ulimit -n`, and look for what keeps so many open"
    try:
        used = sum(1 for _ in next(folder for folder in _FOLDERS if folder.is_dir()).iterdir())
    except StopIteration:
        return CheckResult(HealthStatus.OK)
    except OSError as error:
        return CheckResult(HealthStatus.DEGRADED, f"none of {limit} is left ({error.strerror}); {advice}")
    if limit != resource.RLIM_INFINITY and used >= limit * _SHARE:
        return CheckResult(HealthStatus.DEGRADED, f"{used} of {limit} are in use; {advice}")
    return CheckResult(HealthStatus.OK, f"{used} of {limit} are in use")
