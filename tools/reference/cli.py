"""The command-line reference: the help that ``coreops`` itself prints, and its exit codes."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator

import click

from coreops import exit_codes
from coreops.cli.group import LazyGroup
from tools.reference.text import GENERATED, markdown, table

__all__ = ["page"]

WIDTH = 100


def page() -> str:
    """Return the page ``cli.md``."""
    intro = (
        f"{GENERATED}\n# Command line\n\nWhat `coreops` and its commands say of themselves with `--help`. Commands of "
        "plugins, such as `coreops sandbox`, stand beside the others when their plugin is installed.\n"
    )
    return intro + "".join(_commands(LazyGroup(), "coreops", None)) + _exit_codes()


def _commands(command: click.Command, path: str, parent: click.Context | None) -> Iterator[str]:
    name = path.rpartition(" ")[2]
    settings = {**command.context_settings, "terminal_width": WIDTH, "max_content_width": WIDTH}
    with click.Context(command, info_name=name, parent=parent, **settings) as context:
        yield f"\n## {path}\n\n```text\n{command.get_help(context)}\n```\n"
        if isinstance(command, click.Group):
            for below in command.list_commands(context):
                found = command.get_command(context, below)
                if found is not None and not found.hidden:
                    yield from _commands(found, f"{path} {below}", context)


def _exit_codes() -> str:
    about = markdown(exit_codes.ExitCode)
    rows = [(f"`{code.value}`", text) for code, text in zip(exit_codes.ExitCode, _explanations(), strict=True)]
    return f"\n## Exit codes\n\n{about}\n\n{table(('code', 'means'), rows)}"


def _explanations() -> Iterator[str]:
    """Yield the text below each member, which Python itself does not keep."""
    (enum,) = (node for node in ast.parse(inspect.getsource(exit_codes)).body if isinstance(node, ast.ClassDef))
    for node in enum.body[1:]:
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield str(node.value.value).replace("``", "`")
