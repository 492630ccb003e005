"""What the runtime and the plugins beside it say exists in German, with the same placeholders, and nothing else."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

import pytest

from coreops.commands import admission, leaves, rules, values
from coreops.commands.tree import CommandTree
from coreops.health import concerns
from coreops_hookspecs import HealthStatus, LoopBlock, PluginReport, PluginState, RunOutcome, Texts, WriteKind
from coreops_hookspecs.plugins import facts
from coreops_ops import plugin as ops
from coreops_placement import plugin as placement
from coreops_recruitment import plugin as recruitment
from coreops_welcome import plugin as welcome

ROOT = Path(__file__).resolve().parents[2]
PHASES = ("starting", "ready", "draining", "stopped")
SAID_OTHERWISE = {
    *rules._REFUSED.values(),
    "The access rules cannot be read, so only admins are let in.",
    *leaves._LABELS.values(),
    *values._KINDS,
    admission._UNAVAILABLE,
    *concerns._PLUGIN_IS.values(),
    *concerns._JOB_DID.values(),
    *map(str, (*HealthStatus, *PluginState, *RunOutcome, *WriteKind)),
    "plugin {name} is {state}",
    *PHASES,
}
"""Texts of the runtime that reach ``say`` through a name, and the words for how things are."""


PLACES = {"say": 0, "say_many": 1, "CheckResult": 1}
"""Where the English text stands in a call."""


def spoken(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield the English texts that are said, or are a health check's, with the call's name."""
    for path in sorted(folder.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call):
                name = ast.unparse(node.func).rpartition(".")[2]
                place = PLACES.get(name)
                if place is not None and len(node.args) > place:
                    yield from ((text, name) for text in literals(node.args[place]))


def literals(node: ast.expr) -> Iterator[str]:
    """Yield the texts that an argument may be; a calculated one is nobody's."""
    if isinstance(node, ast.Constant):
        yield str(node.value)
    elif isinstance(node, ast.BoolOp):
        for value in node.values:
            yield from literals(value)
    elif isinstance(node, ast.IfExp):
        yield from (*literals(node.body), *literals(node.orelse))


def described(name: str, plugin: ModuleType) -> set[str]:
    """Return what slash commands and help show of a plugin's commands."""
    tree = CommandTree()
    for command in plugin.coreops_commands():
        tree.add(name, command)
    options = {option.description for leaf in tree.leaves() for option in leaf.options}
    return {leaf.description for leaf in tree.leaves()} | options | set(tree._groups.values())


def of_plugin(plugin: ModuleType) -> set[str]:
    """Return all that a plugin of ours says, with the headings under which help lists its commands."""
    folder = Path(str(plugin.__file__)).parent
    said = {text for text, _ in spoken(folder)} | described(folder.name, plugin)
    toggles = getattr(plugin, "coreops_feature_toggles", tuple)
    said |= {declared.help for declared in (*toggles(), *plugin.coreops_settings()) if declared.help}
    return said | {command.section for command in plugin.coreops_commands() if command.section}


def texts(module: str) -> Mapping[str, Texts]:
    return {each.language: each for each in Texts.load(module)}


KNOWN = PluginReport(
    name="demo",
    version="1.0",
    distribution="demo",
    state=PluginState.ACTIVE,
    reason="because",
    since=datetime(2026, 1, 1, tzinfo=UTC),
    retry_at=datetime(2026, 1, 1, tzinfo=UTC),
    faults=1,
    calls=1,
    contributions={"command": 1},
    p99=0.1,
    loop_time=0.1,
    last_block=LoopBlock(datetime(2026, 1, 1, tzinfo=UTC), 0.3, "demo.py", 1, "work"),
    hooks=("coreops_commands",),
)
FACTS = {fact.name.capitalize() for fact in facts(KNOWN)} - {"Plugin", "State", "Reason"}
"""Names of what a plugin's page tells beside its heading."""
OURS = ("coreops/src/coreops", "hookspecs/src/coreops_hookspecs")
FIRST_PARTY = {
    "coreops": {text for folder in OURS for text, _ in spoken(ROOT / folder)} | SAID_OTHERWISE,
    "coreops_ops.plugin": of_plugin(ops)
    | {"Operations", "{count} more are not for you here.", *FACTS, "buckets", "commands", "jobs"},
    **{plugin.__name__: of_plugin(plugin) for plugin in (placement, recruitment, welcome)},
}
PLUGINS = [ops, placement, recruitment, welcome]


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


@pytest.mark.parametrize("plugin", PLUGINS, ids=lambda plugin: plugin.__name__)
def test_names_fit_discord_and_descriptions_too(plugin: ModuleType) -> None:
    german = texts(plugin.__name__)["de"]
    assert all(re.fullmatch(r"[-_'\w]{1,32}", name) and name == name.lower() for name in german.names.values())
    assert all(len(str(german.messages[text])) <= 100 for text in described("any", plugin))


def test_one_word_is_not_said_in_two_ways() -> None:
    """A name stands in one catalogue for all: Discord shows one option's name whosever command it is of."""
    said: dict[str, set[str]] = {}
    for plugin in PLUGINS:
        for name, german in texts(plugin.__name__)["de"].names.items():
            said.setdefault(name, set()).add(german)
    assert {name: words for name, words in said.items() if len(words) > 1} == {}
