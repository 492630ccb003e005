"""Whose code a stack is in: the innermost frame of a plugin, or the innermost frame at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

__all__ = ["Place", "blame", "owner_by_package"]

_IDLE = frozenset({"selectors", "select"})


@dataclass(frozen=True, slots=True)
class Place:
    """A line of code that the event loop was found at. ``plugin`` is empty for code of nobody's."""

    plugin: str
    file: str
    line: int
    function: str
    inner: str = ""

    def __str__(self) -> str:
        owner = f"plugin {self.plugin} at " if self.plugin else ""
        inner = f", inside {self.inner}" if self.inner else ""
        return f"{owner}{self.file}:{self.line} in {self.function}(){inner}"


def owner_by_package(packages: Mapping[str, str]) -> Callable[[str], str]:
    """Return a function from a module's name to the plugin whose package it is in, or an empty text.

    Args:
        packages: Plugins' names by import name, for example ``{"coreops_recruitment": "recruitment"}``. It is read at
            each call, so it may grow.
    """

    def owner(module: str) -> str:
        while module:
            if module in packages:
                return packages[module]
            module = module.rpartition(".")[0]
        return ""

    return owner


def blame(innermost: FrameType, owner_of: Callable[[str], str]) -> Place | None:
    """Return whose code a thread is in, or ``None`` when its event loop is only waiting for something to do.

    Args:
        innermost: The frame that runs, from ``sys._current_frames()``.
        owner_of: See :func:`owner_by_package`.
    """
    if _module(innermost) in _IDLE:
        return None
    for frame in _outwards(innermost):
        plugin = owner_of(_module(frame))
        if plugin:
            inner = "" if frame is innermost else f"{_module(innermost)}.{innermost.f_code.co_name}()"
            return _place(frame, plugin, inner)
    return _place(innermost, "", "")


def _outwards(frame: FrameType | None) -> Iterator[FrameType]:
    while frame is not None:
        yield frame
        frame = frame.f_back


def _module(frame: FrameType) -> str:
    return str(frame.f_globals.get("__name__", ""))


def _place(frame: FrameType, plugin: str, inner: str) -> Place:
    path = Path(frame.f_code.co_filename)
    file = "/".join(path.parts[-2:])
    return Place(plugin, file, frame.f_lineno, frame.f_code.co_name, inner)
