"""``coreops`` and the commands of plugins."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

GREETS = """
import click
from coreops_hookspecs import hookimpl


@click.command("{command}")
def greet():
    "Say hello."
    click.echo("hello from {plugin}")


@hookimpl
def coreops_cli(group):
    group.add_command(greet)
"""
BROKEN = "raise RuntimeError('half installed')\n"
EXITS = "import sys\nsys.exit(7)\n"


@pytest.fixture
def greets(install: Callable[..., None]) -> Callable[..., None]:
    def greets(plugin: str, command: str = "") -> None:
        install(plugin, GREETS.format(plugin=plugin, command=command or plugin))

    return greets


def test_a_plugins_command_is_run_under_its_name(coreops: Callable[..., Any], greets: Callable[..., None]) -> None:
    greets("greeting")
    ended = coreops("greeting")
    assert (ended.code, ended.out, ended.err) == (0, "hello from greeting\n", "")


def test_the_plugin_of_that_name_is_asked_first_and_no_other_is_imported(
    coreops: Callable[..., Any], greets: Callable[..., None], install: Callable[..., None]
) -> None:
    install("aaa", BROKEN)
    greets("greeting")
    assert coreops("greeting").err == ""


def test_a_command_of_another_name_is_found_too(coreops: Callable[..., Any], greets: Callable[..., None]) -> None:
    greets("greeting", "greet")
    assert coreops("greet").out == "hello from greeting\n"


@pytest.mark.parametrize(("source", "why"), [(BROKEN, "RuntimeError: half installed"), (EXITS, "SystemExit: 7")])
def test_a_broken_plugin_is_one_warning_and_stops_nothing(
    coreops: Callable[..., Any], greets: Callable[..., None], install: Callable[..., None], source: str, why: str
) -> None:
    install("aaa", source)
    greets("greeting", "greet")
    ended = coreops("greet")
    assert (ended.code, ended.out) == (0, "hello from greeting\n")
    assert ended.err == f"plugin aaa adds no commands: {why}\n"


def test_help_lists_built_in_commands_and_those_of_plugins(
    coreops: Callable[..., Any], greets: Callable[..., None]
) -> None:
    greets("greeting")
    listed = [line.split()[0] for line in coreops("--help").out.split("Commands:")[1].splitlines() if line.strip()]
    assert listed == sorted(listed)
    assert {"check", "plugins", "run", "sandbox", "version", "greeting"} <= set(listed)


def test_no_plugin_takes_the_name_of_a_built_in_command(
    coreops: Callable[..., Any], greets: Callable[..., None]
) -> None:
    greets("greeting", "version")
    assert "coreops-hookspecs" in coreops("version").out
    assert "command 'version' of plugin greeting is left out: coreops itself has one" in coreops("--help").err


def test_of_two_plugins_with_one_command_the_first_by_name_has_it(
    coreops: Callable[..., Any], greets: Callable[..., None]
) -> None:
    greets("bbb", "greet")
    greets("aaa", "greet")
    assert coreops("greet").out == "hello from aaa\n"
    assert "command 'greet' of plugin bbb is left out: aaa has one" in coreops("--help").err


def test_an_unknown_command_is_refused_with_code_2(coreops: Callable[..., Any]) -> None:
    ended = coreops("nope")
    assert ended.code == 2
    assert "No such command 'nope'" in ended.err


def test_version_names_coreops_its_ground_and_the_plugins(
    coreops: Callable[..., Any], install: Callable[..., None]
) -> None:
    install("greeting", BROKEN)
    out = coreops("version").out
    for part in ("coreops ", "hikari ", "hook API ", "python ", "demo-greeting"):
        assert part in out
