"""The command-line reference, from the help that ``coreops`` itself prints."""

from __future__ import annotations

from collections.abc import Iterator

import click

from tools.reference.text import GENERATED

__all__ = ["page"]

WIDTH = 100


def page() -> str:
    """Return the page ``cli.md``."""
    from coreops.cli import command_line  # here, so that the other pages can be made without the runtime

    intro = (
        f"{GENERATED}\n# Command line\n\nWhat `coreops` and its commands say of themselves with `--help`. Commands of "
        "plugins, such as `coreops sandbox`, are listed with the others when their plugin is installed.\n"
    )
    return intro + "".join(_commands(command_line(), "coreops", None))


def _commands(command: click.Command, path: str, parent: click.Context | None) -> Iterator[str]:
    name = path.rpartition(" ")[2]
    with click.Context(
        command, info_name=name, parent=parent, terminal_width=WIDTH, max_content_width=WIDTH
    ) as context:
        yield f"\n## {path}\n\n```text\n{command.get_help(context)}\n```\n"
        if isinstance(command, click.Group):
            for below in command.list_commands(context):
                found = command.get_command(context, below)
                if found is not None and not found.hidden:
                    yield from _commands(found, f"{path} {below}", context)
