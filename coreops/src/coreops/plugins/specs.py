"""The hook specifications as data, and the check of a plugin's implementations against them.

pluggy would accept an ``async def`` where a plain function is specified (and the other way round), and reports an
unknown hook only after everything is registered. Here a plugin is checked whole before pluggy sees it, so that it is
registered wholly or not at all.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType, ModuleType
from typing import Any, Final

import pluggy

from coreops_hookspecs import decide, declare, lifecycle, observe
from coreops_hookspecs.errors import DeclarationError
from coreops_hookspecs.markers import PROJECT

__all__ = ["SPECS", "SPEC_MODULES", "Implementation", "Spec", "implementations", "signature_of"]

SPEC_MODULES: Final[tuple[ModuleType, ...]] = (declare, lifecycle, observe, decide)

DEADLINES: Final = MappingProxyType(
    {
        "coreops_startup": 30.0,
        "coreops_ready": 30.0,
        "coreops_shutdown": 5.0,
        "coreops_reloaded": 10.0,
        "coreops_refreshed": 10.0,
        "coreops_toggle_changed": 10.0,
        "coreops_watchdog": 5.0,
        "coreops_telemetry": 5.0,
        "coreops_command_error": 5.0,
    }
)
"""Seconds that one implementation of an asynchronous hook may take, as its docstring says."""


@dataclass(frozen=True, slots=True)
class Spec:
    """One hook.

    Args:
        name: Its name.
        arguments: What it offers.
        is_async: Whether it is awaited.
        first_result: Whether the first result ends it.
        timeout: Seconds that one implementation may take, if it is awaited.
        signature: How it is written, with the annotations as they stand in the code.
        owner: The plugin that adds it; empty for one of the contract.
    """

    name: str
    arguments: tuple[str, ...]
    is_async: bool
    first_result: bool
    timeout: float | None
    signature: str = ""
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Implementation:
    """One function of a plugin that implements a hook, with the arguments it asks for."""

    spec: Spec
    function: Callable[..., Any]
    arguments: tuple[str, ...]


def _read_specs() -> Iterator[Spec]:
    for module in SPEC_MODULES:
        for name, function in inspect.getmembers(module, inspect.isfunction):
            options = getattr(function, f"{PROJECT}_spec", None)
            if options is not None:
                is_async = inspect.iscoroutinefunction(function)
                arguments = tuple(inspect.signature(function).parameters)
                first = bool(options["firstresult"])
                yield Spec(name, arguments, is_async, first, DEADLINES.get(name), signature_of(function))


def signature_of(function: Callable[..., Any]) -> str:
    """Return how a hook is written, with the annotations as they stand in the code."""
    signature = inspect.signature(function)
    arguments = ", ".join(
        key if each.annotation is each.empty else f"{key}: {_annotation(each.annotation)}"
        for key, each in signature.parameters.items()
    )
    told = "" if signature.return_annotation is signature.empty else f" -> {_annotation(signature.return_annotation)}"
    return f"{function.__name__}({arguments}){told}"


def _annotation(value: Any) -> str:
    return value if isinstance(value, str) else inspect.formatannotation(value)


SPECS: Final = MappingProxyType({spec.name: spec for spec in _read_specs()})
"""Every hook of the contract by name."""


def implementations(plugin: object, name: str, offered: Mapping[str, Spec] = SPECS) -> tuple[Implementation, ...]:
    """Return the hooks that a plugin implements, checked against the specifications.

    Args:
        plugin: Module or object whose functions carry ``hookimpl``.
        name: The plugin's name, for messages.
        offered: The hooks that there are, by name.

    Raises:
        DeclarationError: listing every implementation that does not fit.
    """
    found: list[Implementation] = []
    problems: list[str] = []
    for attribute, function in _candidates(plugin):
        problem = _problem(attribute, function, offered)
        if problem:
            problems.append(problem)
        else:
            arguments = tuple(inspect.signature(function).parameters)
            found.append(Implementation(offered[attribute], function, arguments))
    if problems:
        msg = f"plugin {name!r} has hooks that cannot be used: {'; '.join(problems)}"
        raise DeclarationError(msg)
    if not found:
        msg = f"plugin {name!r} implements no hook; mark its functions with coreops_hookspecs.hookimpl"
        raise DeclarationError(msg)
    return tuple(found)


def _candidates(plugin: object) -> Iterator[tuple[str, Callable[..., Any]]]:
    for attribute in sorted(dir(plugin)):
        if attribute.startswith(f"{PROJECT}_"):
            function = getattr(plugin, attribute)
            if inspect.isroutine(function) and not hasattr(function, f"{PROJECT}_spec"):  # it adds that hook
                yield attribute, function


def _problem(attribute: str, function: Callable[..., Any], offered: Mapping[str, Spec]) -> str:
    spec = offered.get(attribute)
    if spec is None:
        return f"{attribute} is no hook of CoreOps or of a plugin that is loaded{_did_you_mean(attribute, offered)}"
    options: pluggy.HookimplOpts | None = getattr(function, f"{PROJECT}_impl", None)
    if options is None:
        return f"{attribute} is not marked; put @hookimpl above it"
    if options.get("wrapper") or options.get("hookwrapper"):
        return f"{attribute} is a wrapper, which CoreOps does not support; return a result instead"
    if inspect.iscoroutinefunction(function) is not spec.is_async:
        wanted = "async def" if spec.is_async else "a plain def without async"
        return f"{attribute} must be {wanted}"
    unknown = [argument for argument in inspect.signature(function).parameters if argument not in spec.arguments]
    if unknown:
        known = ", ".join(spec.arguments) or "no arguments"
        return f"{attribute} asks for {', '.join(unknown)}, but the hook offers {known}"
    return ""


def _did_you_mean(attribute: str, offered: Mapping[str, Spec]) -> str:
    from difflib import get_close_matches  # only a broken plugin pays for this import

    close = get_close_matches(attribute, offered, n=1)
    return f"; did you mean {close[0]}" if close else ""
