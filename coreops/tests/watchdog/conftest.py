"""A plugin whose code holds the event loop."""

from __future__ import annotations

from types import ModuleType

import pytest

SOURCE = """
import sys
import time


def hold(seconds):
    time.sleep(seconds)


def spin(seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        sum(range(1000))


def here():
    return sys._getframe()


def through(call):
    return call()
"""


@pytest.fixture
def slow() -> ModuleType:
    module = ModuleType("coreops_slow.work")
    exec(compile(SOURCE, "/somewhere/coreops_slow/work.py", "exec"), module.__dict__)
    return module
