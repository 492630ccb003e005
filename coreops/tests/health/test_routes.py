"""The table of plugins' routes."""

from __future__ import annotations

from typing import Any

import pytest

from coreops.health.routes import RouteTable
from coreops_hookspecs.declarations import Route
from coreops_hookspecs.errors import DeclarationError


async def handler(*_: Any) -> Any: ...


def route(method: str, path: str) -> Route:
    return Route(method, path, handler)


@pytest.fixture
def table() -> RouteTable:
    return RouteTable()


def test_a_path_is_found_with_its_parameters(table: RouteTable) -> None:
    table.add("demo", route("GET", "clans/{tag}/{page}.json"), handler)
    found = table.find("demo", "GET", "clans/F-IT/2.json")
    assert dict(found.parameters) == {"tag": "F-IT", "page": "2"}


def test_head_is_served_by_get(table: RouteTable) -> None:
    table.add("demo", route("get", "/stats/"), handler)
    assert table.find("demo", "HEAD", "stats").entry is not None


def test_another_method_tells_which_are_allowed(table: RouteTable) -> None:
    table.add("demo", route("GET", "stats"), handler)
    table.add("demo", route("POST", "stats"), handler)
    assert table.find("demo", "DELETE", "stats").allowed == ("GET", "POST")


@pytest.mark.parametrize(("plugin", "path"), [("other", "stats"), ("demo", "stats/more"), ("demo", "stat")])
def test_anything_else_is_not_found(table: RouteTable, plugin: str, path: str) -> None:
    table.add("demo", route("GET", "stats"), handler)
    found = table.find(plugin, "GET", path)
    assert (found.entry, found.allowed) == (None, ())


def test_a_removed_route_is_gone_and_can_be_added_again(table: RouteTable) -> None:
    remove = table.add("demo", route("GET", "stats"), handler)
    remove()
    remove()
    assert table.find("demo", "GET", "stats").entry is None
    table.add("demo", route("GET", "stats"), handler)
    assert table.find("demo", "GET", "stats").entry is not None


def test_a_text_in_a_path_is_no_pattern(table: RouteTable) -> None:
    table.add("demo", route("GET", "a.b"), handler)
    assert table.find("demo", "GET", "axb").entry is None


@pytest.mark.parametrize(
    ("declared", "message"),
    [
        (route("FETCH", "stats"), "method 'FETCH' is none of"),
        (route("GET", "a/{x}/{x}"), "cannot be used"),
        (route("GET", "a b"), "cannot be used"),
        (route("GET", "{not closed"), "cannot be used"),
        (route("GET", "{x:.*}"), "cannot be used"),
    ],
)
def test_a_route_that_cannot_be_is_refused(table: RouteTable, declared: Route, message: str) -> None:
    with pytest.raises(DeclarationError, match=message):
        table.add("demo", declared, handler)


def test_the_same_route_twice_is_refused(table: RouteTable) -> None:
    table.add("demo", route("GET", "stats"), handler)
    with pytest.raises(DeclarationError, match="GET /p/demo/stats is declared twice"):
        table.add("demo", route("get", "stats/"), handler)
