from __future__ import annotations

import inspect
import typing
from collections.abc import Callable
from types import ModuleType
from typing import Any

import aiohttp
import click
import hikari
import lightbulb
import pluggy
import pytest

from coreops_hookspecs import PROJECT, PluginContext, decide, declare, lifecycle, observe

OPTIONAL = {"click": click, "lightbulb": lightbulb, "hikari": hikari, "aiohttp": aiohttp}
"""What the contract names for type checkers only, so that it needs pluggy alone."""

BY_MODULE: dict[ModuleType, list[Callable[..., Any]]] = {
    module: [
        function
        for name, function in vars(module).items()
        if inspect.isfunction(function) and function.__module__ == module.__name__
    ]
    for module in (declare, lifecycle, observe, decide)
}
HOOKS = [hook for hooks in BY_MODULE.values() for hook in hooks]


def name_of(hook: Callable[..., Any]) -> str:
    return hook.__name__


def options(hook: Callable[..., Any]) -> dict[str, Any]:
    return getattr(hook, f"{PROJECT}_spec")


@pytest.mark.parametrize("hook", HOOKS, ids=name_of)
def test_a_hook_carries_the_marker_and_the_prefix(hook: Callable[..., Any]) -> None:
    assert hook.__name__.startswith("coreops_")
    assert options(hook) is not None


@pytest.mark.parametrize("hook", HOOKS, ids=name_of)
def test_a_hook_is_typed_throughout(hook: Callable[..., Any]) -> None:
    hints = typing.get_type_hints(hook, localns=OPTIONAL)
    assert set(hints) == {*inspect.signature(hook).parameters, "return"}


@pytest.mark.parametrize("hook", HOOKS, ids=name_of)
def test_a_hook_says_in_its_first_line_what_to_do_and_since_when_it_exists(hook: Callable[..., Any]) -> None:
    doc = inspect.getdoc(hook) or ""
    first = doc.splitlines()[0]
    assert first.endswith(".")
    assert first[0].isupper()
    assert not first.split()[0].endswith("s"), "imperative: Return, not Returns"
    assert ".. versionadded:: " in doc


@pytest.mark.parametrize("hook", HOOKS, ids=name_of)
def test_a_hook_that_stops_early_says_so(hook: Callable[..., Any]) -> None:
    says_so = "Stops at first non-None result" in (inspect.getdoc(hook) or "")
    assert says_so == bool(options(hook)["firstresult"])


@pytest.mark.parametrize("hook", HOOKS, ids=name_of)
def test_an_asynchronous_hook_is_bounded_and_gets_the_plugins_own_context(hook: Callable[..., Any]) -> None:
    if inspect.iscoroutinefunction(hook):
        first = next(iter(inspect.signature(hook).parameters.values()))
        assert typing.get_type_hints(hook, localns=OPTIONAL)[first.name] is PluginContext
        assert "deadline" in (inspect.getdoc(hook) or "").lower()


@pytest.mark.parametrize("hook", BY_MODULE[declare], ids=name_of)
def test_a_declaring_hook_is_synchronous_and_asks_for_no_context(hook: Callable[..., Any]) -> None:
    assert not inspect.iscoroutinefunction(hook)
    assert "ctx" not in inspect.signature(hook).parameters


@pytest.mark.parametrize("hook", [*BY_MODULE[lifecycle], *BY_MODULE[observe]], ids=name_of)
def test_an_event_is_asynchronous_and_has_no_result(hook: Callable[..., Any]) -> None:
    assert inspect.iscoroutinefunction(hook)
    assert typing.get_type_hints(hook, localns=OPTIONAL)["return"] is type(None)


@pytest.mark.parametrize("hook", BY_MODULE[decide], ids=name_of)
def test_a_deciding_hook_may_leave_the_decision_to_others(hook: Callable[..., Any]) -> None:
    assert type(None) in typing.get_args(typing.get_type_hints(hook, localns=OPTIONAL)["return"])


def test_pluggy_takes_all_of_them() -> None:
    manager = pluggy.PluginManager(PROJECT)
    for module in BY_MODULE:
        manager.add_hookspecs(module)
    assert {name for name in vars(manager.hook) if name.startswith("coreops_")} == {hook.__name__ for hook in HOOKS}
