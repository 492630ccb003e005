"""``coreops`` and ``python -m coreops``."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line and exit with its code."""
    from coreops.cli import main as cli  # late, so that the import of this module costs nothing

    sys.exit(cli())


if __name__ == "__main__":
    main()
