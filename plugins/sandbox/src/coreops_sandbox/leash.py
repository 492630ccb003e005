"""``python -m coreops_sandbox.leash MODULE [ARGUMENT ...]``: run a module that ends when its parent does.

A parent that is killed cannot end its children, and there is no portable signal for it. But the system closes the
parent's end of a pipe, so the child reads its standard input: nothing is ever written there, and it ends with the
parent.
"""

from __future__ import annotations

import os
import runpy
import signal
import sys
import threading
import time

GRACE_S = 15.0
"""Seconds to end after SIGTERM, before SIGKILL."""


def main() -> None:
    """Run the module that the arguments name as if Python had been started with it."""
    threading.Thread(target=_follow, name="leash", daemon=True).start()
    del sys.argv[0]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


def _follow() -> None:
    while os.read(0, 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE_S)
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main()
