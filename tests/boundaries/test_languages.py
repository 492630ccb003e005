"""What the runtime and ops say exists in German, with the same placeholders, and nothing else does."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from coreops.commands import admission, leaves, rules, values
from coreops.commands.tree import CommandTree
from coreops_hookspecs import Texts
from coreops_ops import plugin

ROOT = Path(__file__).resolve().parents[2]
SAID_OTHERWISE = {
    *rules._REFUSED.values(),
    "The access rules cannot be read, so only admins are let in.",
    *leaves._LABELS.values(),
    *values._KINDS,
    admission._UNAVAILABLE,
}
"""Texts of the runtime that reach ``say`` through a name."""


def spoken(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield the English texts in calls of ``say`` and ``say_many``, with the call's name."""
    for path in sorted(folder.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call):
                name = ast.unparse(node.func).rpartition(".")[2]
                place = {"say": 0, "say_many": 1}.get(name)
                if place is not None and len(node.args) > place and isinstance(node.args[place], ast.Constant):
                    yield str(ast.literal_eval(node.args[place])), name


def of_ops() -> set[str]:
    tree = CommandTree()
    for command in plugin.coreops_commands():
        tree.add("ops", command)
    options = {option.description for leaf in tree.leaves() for option in leaf.options}
    return {leaf.description for leaf in tree.leaves()} | options | set(tree._groups.values())


def texts(module: str) -> Mapping[str, Texts]:
    return {each.language: each for each in Texts.load(module)}


OPS = ROOT / "plugins/ops/src/coreops_ops"
FIRST_PARTY = {
    "coreops": {text for text, _ in spoken(ROOT / "coreops/src/coreops")} | SAID_OTHERWISE,
    "coreops_ops.plugin": {text for text, _ in spoken(OPS)}
    | of_ops()
    | {"Operations", "{count} more are not for you here."},
}


@pytest.mark.parametrize("module", FIRST_PARTY)
def test_german_says_everything(module: str) -> None:
    assert not FIRST_PARTY[module] - set(texts(module)["de"].messages), "add them to locales/de.toml"


@pytest.mark.parametrize("module", FIRST_PARTY)
def test_german_says_nothing_that_is_no_longer_said(module: str) -> None:
    assert not set(texts(module)["de"].messages) - FIRST_PARTY[module], "take them out of locales/de.toml"


@pytest.mark.parametrize("module", FIRST_PARTY)
def test_placeholders_are_the_same_in_every_language(module: str) -> None:
    def holes(text: str) -> set[str]:
        return set(re.findall(r"\{(\w+)\}", text))

    for english, found in texts(module)["de"].messages.items():
        forms = [found] if isinstance(found, str) else list(found.values())
        assert all(holes(form) == holes(english) for form in forms), english


@pytest.mark.parametrize("module", FIRST_PARTY)
def test_what_is_counted_has_every_form(module: str) -> None:
    for english, found in texts(module)["de"].messages.items():
        assert isinstance(found, str) or set(found) == {"one", "other"}, english


def test_names_fit_discord_and_descriptions_too() -> None:
    german = texts("coreops_ops.plugin")["de"]
    assert all(re.fullmatch(r"[-_'\w]{1,32}", name) and name == name.lower() for name in german.names.values())
    assert all(len(str(german.messages[text])) <= 100 for text in of_ops())
