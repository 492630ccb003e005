"""Facts in hand-written pages of plugins: their commands, settings, toggles, tables, jobs, from their declarations.

A page marks the place; what stands between the marks is written anew::

    <!-- settings of placement -->
    <!-- end of settings -->
"""

from __future__ import annotations

import dataclasses
import inspect
import re
from collections.abc import Callable, Iterator
from importlib.metadata import entry_points
from typing import Any, Final, get_type_hints

from coreops.commands.tree import CommandTree
from coreops.commands.usage import prefix_usage, slash_usage
from coreops_hookspecs import BucketSpec, JobSpec
from coreops_hookspecs.markers import ENTRY_POINT_GROUP
from tools.reference.text import table

__all__ = ["with_facts"]

_PLACE: Final = re.compile(r"(<!-- (\w+) of (\w+) -->\n)(?:.*?\n)?(<!-- end of \2 -->)", re.DOTALL)
_KINDS: Final = {str: "text", int: "whole number", float: "number", bool: "TRUE or FALSE"}


def with_facts(page: str) -> str:
    """Return the page with every table of facts as the plugins declare it."""

    def include(match: re.Match[str]) -> str:
        opening, kind, plugin, closing = match.groups()
        return f"{opening}\n{_FACTS[kind](plugin)}\n{closing}" if kind in _FACTS else match[0]

    return _PLACE.sub(include, page)


def _declared(plugin: str, hook: str) -> Iterator[Any]:
    (entry,) = entry_points(group=ENTRY_POINT_GROUP, name=plugin)
    yield from getattr(entry.load(), f"coreops_{hook}", tuple)()


def _commands(plugin: str) -> str:
    tree = CommandTree()
    for command in _declared(plugin, "commands"):
        tree.add(plugin, command)
    rows = [
        (
            f"`{prefix_usage('!', leaf)}`, `{slash_usage(leaf)}`",
            ", ".join([leaf.rule.tier.label, *sorted(leaf.rule.groups)]),
            f"`{leaf.toggle}`",
            leaf.description,
        )
        for leaf in tree.leaves()
    ]
    return table(("command", "who", "toggle", "what"), rows)


def _settings(plugin: str) -> str:
    rows = [
        (f"`{each.key}`", each.help, f"`{each.default}`" if each.default not in (None, "") else "none")
        for each in _declared(plugin, "settings")
    ]
    return table(("setting", "what it is", "default"), rows)


def _toggles(plugin: str) -> str:
    rows = [(f"`{each.name}`", each.help) for each in _declared(plugin, "feature_toggles")]
    return table(("toggle", "what it switches on"), rows)


def _jobs(plugin: str) -> str:
    rows = [(f"`{job.name}`", _schedule(job), job.help) for job in _declared(plugin, "jobs")]
    return table(("job", "when", "what"), rows)


def _schedule(job: JobSpec) -> str:
    rhythm = f"every {job.every.total_seconds() / 60:g} min" if job.every else f"`{job.cron}`"
    named = " and ".join(f"`{key}`" for key in (job.at, job.zone) if key)
    return f"{rhythm}; {named}" if named else rhythm


def _tables(plugin: str) -> str:
    return "\n".join(_tab(bucket) for bucket in _declared(plugin, "cache_buckets"))


def _tab(bucket: BucketSpec[Any]) -> str:
    hints, about = get_type_hints(bucket.record), _about(bucket.record)
    columns = {column.field: column for column in bucket.columns}
    rows = []
    for field in dataclasses.fields(bucket.record):
        column = columns.get(field.name)
        kind = f"one of {', '.join(column.choices)}" if column and column.choices else _KINDS[hints[field.name]]
        needed = "yes" if field.default is dataclasses.MISSING else ""
        key = ", each once" if field.name == bucket.key else ""
        rows.append(
            (f"`{(column and column.header) or field.name}`", kind, f"{needed}{key}", about.get(field.name, ""))
        )
    hours = bucket.ttl.total_seconds() / 3600
    rhythm = f"{hours:g} h" if hours >= 1 else f"{hours * 60:g} min"
    head = f"**`{bucket.tab}`** in the spreadsheet of `{bucket.spreadsheet}`, read every {rhythm}:\n\n"
    return head + table(("header", "holds", "must be filled in", "what it is"), rows)


def _about(record: type) -> dict[str, str]:
    """Return what the docstring says of each field."""
    _, _, listed = inspect.cleandoc(record.__doc__ or "").partition("Args:\n")
    found = re.findall(r"^    (\w+): (.+(?:\n {8}.+)*)", listed, re.MULTILINE)
    return {name: " ".join(text.split()).replace("``", "`").rstrip(".") for name, text in found}


_FACTS: Final[dict[str, Callable[[str], str]]] = {
    "commands": _commands,
    "settings": _settings,
    "toggles": _toggles,
    "tables": _tables,
    "jobs": _jobs,
}
