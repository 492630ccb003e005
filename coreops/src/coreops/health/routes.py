"""Plugins' HTTP routes: a table that can grow and shrink while the server runs."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from coreops_hookspecs.declarations import Route
from coreops_hookspecs.errors import DeclarationError

if TYPE_CHECKING:
    from aiohttp import web

__all__ = ["Entry", "Found", "RouteTable"]

METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE")
_PLACEHOLDER: Final = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}")
_TEXT: Final = re.compile(r"[A-Za-z0-9._~/@:+-]*")  # path characters of RFC 3986 that need no escape


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """One route of one plugin."""

    plugin: str
    route: Route
    path: str
    pattern: re.Pattern[str]
    handler: Callable[[web.Request], Awaitable[web.StreamResponse]]

    @property
    def name(self) -> str:
        """Method and path, for logs."""
        return f"{self.route.method.upper()} /p/{self.plugin}/{self.path}"


@dataclass(frozen=True, slots=True)
class Found:
    """What a request matches: an entry with its parameters, or the methods that the path would take."""

    entry: Entry | None = None
    parameters: tuple[tuple[str, str], ...] = ()
    allowed: tuple[str, ...] = ()


class RouteTable:
    """Routes by plugin, in the order in which they were added: the first that matches serves."""

    def __init__(self) -> None:
        self._entries: dict[str, list[Entry]] = {}

    def add(
        self, plugin: str, route: Route, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> Callable[[], None]:
        """Add a route. Returns what removes it.

        Raises:
            DeclarationError: method or path cannot be used, or the plugin has the same route already.
        """
        path = route.path.strip("/")
        entry = Entry(plugin, route, path, _compile(plugin, route, path), handler)
        if entry.route.method.upper() not in METHODS:
            msg = f"route {route.path!r} of plugin {plugin!r}: method {route.method!r} is none of {', '.join(METHODS)}"
            raise DeclarationError(msg)
        entries = self._entries.setdefault(plugin, [])
        if any(other.name == entry.name for other in entries):
            msg = f"route {entry.name} is declared twice; remove one"
            raise DeclarationError(msg)
        entries.append(entry)
        return partial(self._remove, entry)

    def held_by(self, plugin: str) -> tuple[str, ...]:
        """Return the names of a plugin's routes."""
        return tuple(entry.name for entry in self._entries.get(plugin, ()))

    def find(self, plugin: str, method: str, path: str) -> Found:
        """Return what serves a request for ``path`` below the plugin's prefix; a GET route serves HEAD too."""
        wanted = "GET" if method == "HEAD" else method
        allowed: list[str] = []
        for entry in self._entries.get(plugin, ()):
            matched = entry.pattern.fullmatch(path)
            if matched is None:
                continue
            if entry.route.method.upper() == wanted:
                return Found(entry, tuple(matched.groupdict().items()))
            allowed.append(entry.route.method.upper())
        return Found(allowed=tuple(dict.fromkeys(allowed)))

    def _remove(self, entry: Entry) -> None:
        entries = self._entries.get(entry.plugin, [])
        if entry in entries:
            entries.remove(entry)
        if not entries:
            self._entries.pop(entry.plugin, None)


def _compile(plugin: str, route: Route, path: str) -> re.Pattern[str]:
    """Return the pattern of a path whose ``{name}`` stand for one path segment or a part of one."""
    texts = _PLACEHOLDER.split(path)  # text, name, text, name … text
    names = texts[1::2]
    if len(set(names)) != len(names) or not all(_TEXT.fullmatch(text) for text in texts[::2]):
        msg = f"path {route.path!r} of plugin {plugin!r} cannot be used; give plain text and {{name}}s that differ"
        raise DeclarationError(msg)
    pieces = [re.escape(text) if n % 2 == 0 else f"(?P<{text}>[^/]+)" for n, text in enumerate(texts)]
    return re.compile("".join(pieces))
