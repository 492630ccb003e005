from __future__ import annotations

import hashlib
import sys
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from functools import cached_property
from pathlib import Path
from textwrap import dedent
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from coreops.plugins.added import AddedHooks
from coreops.plugins.breaker import BreakerPolicy
from coreops.plugins.changes import PluginChanges
from coreops.plugins.context import ContextFactory, Services
from coreops.plugins.contributions import Contributions
from coreops.plugins.discovery import discover
from coreops.plugins.guard import Fault, Guard
from coreops.plugins.hooks import AsyncHooks, HookTable
from coreops.plugins.kinds import KINDS
from coreops.plugins.ledger import Ledger
from coreops.plugins.loader import Loader
from coreops.plugins.manager import PluginManager
from coreops.plugins.parts import Outside, Parts, nothing
from coreops.plugins.reports import Reports
from coreops.plugins.roster import Roster
from coreops.plugins.selection import Selection
from coreops.plugins.states import PluginStates, Standing
from coreops_hookspecs import Capability, PluginInfo, hookimpl
from coreops_hookspecs.errors import ConfigError
from coreops_hookspecs.health import PluginState
from coreops_shared.clock import ManualClock
from coreops_shared.logging import get_logger


class World:
    """The plugin room with nothing behind it but lists."""

    def __init__(self, policy: BreakerPolicy) -> None:
        self.clock = ManualClock()
        self.faults: list[Fault] = []
        self.moves: list[tuple[PluginState | None, Standing]] = []
        self.states = PluginStates(self.clock, lambda old, new: self.moves.append((old, new)))
        self.guard = Guard(self.clock, self.states, self.faults.append, policy)
        self.table = HookTable(self.guard)
        self.ledger = Ledger()
        self.roster = Roster()
        self.contexts = ContextFactory(self.services, self.needs)
        self.hooks = AsyncHooks(self.table, self.guard, self.contexts)
        self.unconfigured: set[str] = set()
        self.filled: list[str] = []
        self.changed = 0
        self.ready = False
        self.rooms: dict[str, list[tuple[str, Any]]] = {kind.name: [] for kind in KINDS}

    def services(self) -> Services:
        telemetry = SimpleNamespace(
            **dict.fromkeys(("publish", "health", "digest", "plugins", "buckets", "jobs", "quota", "recent"), nothing)
        )
        known: dict[str, Any] = {
            "clock": self.clock,
            "guard": self.guard,
            "ledger": self.ledger,
            "logger": get_logger,
            "controls": lambda plugin: None,
            "hooks": lambda plugin: AddedHooks(plugin, self.hooks, lambda: self.table.specs),
            "telemetry": telemetry,
        }
        return Services(**{field.name: known.get(field.name) for field in fields(Services)})

    def needs(self, plugin: str) -> frozenset[Capability]:
        generation = self.roster.get(plugin)
        return frozenset() if generation is None else generation.info.needs

    def adder(self, kind: str) -> Callable[[str, Any], Callable[[], None]]:
        held = self.rooms[kind]

        def add(plugin: str, item: Any) -> Callable[[], None]:
            held.append((plugin, item))
            return lambda: held.remove((plugin, item))

        return add

    def require(self, plugin: str) -> None:
        if plugin in self.unconfigured:
            raise ConfigError(f"settings of {plugin}: missing")

    async def fill(self, buckets: Any) -> None:
        self.filled += buckets

    async def change(self) -> None:
        self.changed += 1

    @property
    def adders(self) -> dict[str, Callable[[str, Any], Callable[[], None]]]:
        return {kind.name: self.adder(kind.name) for kind in KINDS}

    @property
    def holders(self) -> dict[str, Callable[[str], list[str]]]:
        def holder(kind: str) -> Callable[[str], list[str]]:
            return lambda plugin: [str(item) for owner, item in self.rooms[kind] if owner == plugin]

        return {kind.name: holder(kind.name) for kind in KINDS}

    @property
    def parts(self) -> Parts:
        return Parts(
            table=self.table,
            hooks=self.hooks,
            guard=self.guard,
            states=self.states,
            contexts=self.contexts,
            contributions=self.contributions,
            roster=self.roster,
            loader=Loader(self.guard, lambda: self.table.specs),
            outside=Outside(self.require, discover, self.fill, self.change, lambda: self.ready),
            log=get_logger("test"),
        )

    @cached_property
    def contributions(self) -> Contributions:
        return Contributions(self.ledger, get_logger("test"))

    def manager(self, selection: Selection | None = None) -> PluginManager:
        return PluginManager(self.parts, selection or Selection(), self.reports)

    def changes(self, selection: Selection | None = None, grace: float = 5.0) -> PluginChanges:
        return PluginChanges(self.parts, selection or Selection(), self.reports, grace=grace)

    @property
    def reports(self) -> Reports:
        return Reports(self.states, self.guard, self.ledger, self.table.hooks_of, self.table.added_by)

    def active(self, *names: str) -> None:
        for name in names:
            self.states.discover(name)
            self.states.change(name, PluginState.ACTIVE)


@pytest.fixture
def world() -> World:
    return World(BreakerPolicy(faults=3, window=60.0, cooldown=30.0))


@pytest.fixture
def make_plugin() -> Callable[..., ModuleType]:
    """Build a plugin module from functions; ``info`` fields may be overridden."""

    def make(
        name: str,
        hooks: Mapping[str, Callable[..., Any]] | None = None,
        *,
        depends: tuple[str, ...] = (),
        needs: frozenset[Capability] = frozenset(),
        hook_api: str = ">=0.1,<1",
    ) -> ModuleType:
        module = ModuleType(f"test_plugin_{name}")

        def coreops_plugin_info() -> PluginInfo:
            return PluginInfo(name, "1.2.3", depends=depends, needs=needs, hook_api=hook_api)

        for attribute, function in {"coreops_plugin_info": coreops_plugin_info, **(hooks or {})}.items():
            setattr(module, attribute, hookimpl(function))
        return module

    return make


class Site:
    """A folder on the path into which distributions with plugins are installed, as an installer does it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def install(
        self,
        name: str,
        modules: Mapping[str, str],
        *,
        version: str = "1.0",
        manifest: str | None = 'hook-api = ">=0.1,<1"',
        entry_point: str = "",
        requires: tuple[str, ...] = (),
    ) -> Path:
        """Install a plugin; files by their name below the package. Returns the package's folder."""
        self.uninstall(name)
        package, info = self.folder / f"its_{name}", self.folder / f"its_{name}-{version}.dist-info"
        texts = {"__init__.py": "", **modules} | ({} if manifest is None else {"coreops-plugin.toml": manifest})
        for file, text in texts.items():
            (package / file).parent.mkdir(parents=True, exist_ok=True)
            (package / file).write_text(dedent(text))
        info.mkdir()
        needed = "".join(f"Requires-Dist: {each}\n" for each in requires)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: its-{name}\nVersion: {version}\n{needed}")
        (info / "entry_points.txt").write_text(f"[coreops]\n{name} = {entry_point or f'its_{name}.plugin'}\n")
        files = [path for top in (package, info) for path in sorted(top.rglob("*")) if path.is_file()]
        lines = [f"{path.relative_to(self.folder)},{_hashed(path)},{path.stat().st_size}" for path in files]
        (info / "RECORD").write_text("\n".join([*lines, f"{info.name}/RECORD,,\n"]))
        return package

    def uninstall(self, name: str) -> None:
        """Delete a plugin's files, those of any version."""
        for top in self.folder.glob(f"its_{name}*"):
            for path in sorted(top.rglob("*"), reverse=True):
                path.rmdir() if path.is_dir() else path.unlink()
            top.rmdir()


def _hashed(path: Path) -> str:
    digest = urlsafe_b64encode(hashlib.sha256(path.read_bytes()).digest())
    return f"sha256={digest.decode().rstrip('=')}"


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """An empty place to install plugins in; what was imported from it is forgotten at the end."""
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.syspath_prepend(folder)
    yield Site(folder)
    for name in [name for name in sys.modules if name.startswith("its_")]:
        del sys.modules[name]
