"""Whose code a stack is in."""

from __future__ import annotations

import sys
from types import FrameType, ModuleType

from coreops.watchdog.frames import blame, owner_by_package

OWNERS = owner_by_package({"coreops_slow": "slow", "plugins.deep": "deep"})


def test_a_module_belongs_to_the_plugin_of_its_package() -> None:
    assert [OWNERS(name) for name in ("coreops_slow", "coreops_slow.a.b", "plugins.deep.x")] == ["slow", "slow", "deep"]
    assert [OWNERS(name) for name in ("coreops_slower", "plugins", "", "json")] == [""] * 4


def test_the_innermost_frame_of_a_plugin_is_to_blame(slow: ModuleType) -> None:
    place = blame(slow.here(), OWNERS)
    assert place is not None
    assert str(place) == "plugin slow at coreops_slow/work.py:17 in here()"


def test_a_library_that_a_plugin_called_is_named_too(slow: ModuleType) -> None:
    def library() -> FrameType:
        return sys._getframe()

    place = blame(slow.through(library), OWNERS)
    assert place is not None
    assert (place.plugin, place.function) == ("slow", "through")
    assert place.inner.endswith(".library()")


def test_code_of_nobodys_is_named_by_its_own_line() -> None:
    place = blame(sys._getframe(), OWNERS)
    assert place is not None
    assert (place.plugin, place.file) == ("", "watchdog/test_frames.py")
    assert str(place).startswith("watchdog/test_frames.py:")


def test_a_loop_that_waits_for_something_to_do_is_not_held() -> None:
    selectors = ModuleType("selectors")
    exec("import sys\ndef select():\n    return sys._getframe()\n", selectors.__dict__)
    assert blame(selectors.select(), OWNERS) is None
