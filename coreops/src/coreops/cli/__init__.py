"""The command line: ``coreops``. Nothing is imported before it is needed, so that listing plugins imports none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NoReturn

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and exit; see :class:`coreops.exit_codes.ExitCode`.

    Args:
        arguments: What stands behind ``coreops``; that of the process by default.
    """
    from coreops.cli.group import LazyGroup

    LazyGroup().main(args=arguments, prog_name="coreops")
