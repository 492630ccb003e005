"""A plugin adds hooks for other plugins: what may be added, who may implement and call it, and when it goes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from coreops.plugins.added import added_spec
from coreops.plugins.changes import PluginChanges
from coreops.plugins.discovery import discover
from coreops_hookspecs import PluginContext, hookspec
from coreops_hookspecs.errors import DeclarationError, PluginRefusedError
from coreops_hookspecs.health import PluginState

ADDER = """
from coreops_hookspecs import PluginInfo, hookimpl, hookspec

@hookspec
async def coreops_zeta_asked(ctx, what: str) -> str | None:
    "Answer."

@hookimpl
def coreops_plugin_info():
    return PluginInfo.load(__name__)

@hookimpl
def coreops_addhooks():
    return [coreops_zeta_asked]
"""
IMPLEMENTER = """
from coreops_hookspecs import PluginInfo, hookimpl

@hookimpl
def coreops_plugin_info():
    return PluginInfo.load(__name__)

@hookimpl
async def coreops_zeta_asked(ctx, what):
    return f"{ctx.plugin}: {what}"
"""


class Two:
    """A plugin that adds a hook and one, before it by name, that implements it."""

    def __init__(self, world: Any, site: Any) -> None:
        self.world, self._site = world, site
        self.changes: PluginChanges = world.changes()

    def install(
        self, *, adder: tuple[str, str] = ("", ""), implementer: tuple[str, str] = ("", ""), depends: str = '["zeta"]'
    ) -> None:
        self._site.install("zeta", {"plugin.py": ADDER.replace(*adder)})
        manifest = f'hook-api = ">=0.1,<1"\ndepends = {depends}'
        self._site.install("alpha", {"plugin.py": IMPLEMENTER.replace(*implementer)}, manifest=manifest)

    async def boot(self) -> None:
        manager = self.world.manager()
        await manager.declare_all([found for found in discover() if found.name in {"alpha", "zeta"}])
        manager.contribute_all(self.world.adders)
        await manager.start_all()

    async def ask(self, hook: str = "coreops_zeta_asked", **arguments: Any) -> Any:
        return await self.world.contexts("zeta").hooks.call(hook, **(arguments or {"what": "now"}))

    def state(self, name: str) -> tuple[PluginState, str]:
        standing = self.world.states[name]
        return standing.state, standing.reason


@pytest.fixture
def two(world: Any, site: Any) -> Two:
    found = Two(world, site)
    found.install()
    return found


async def test_whoever_implements_it_is_asked_with_a_context_of_its_own(two: Two) -> None:
    await two.boot()
    assert await two.ask() == {"alpha": "alpha: now"}
    adding, implementing = (two.world.reports.one(name) for name in ("zeta", "alpha"))
    assert adding.adds == {"coreops_zeta_asked": "coreops_zeta_asked(ctx, what: str) -> str | None"}
    assert (adding.contributions, adding.hooks) == ({"hook": 1}, ("coreops_addhooks", "coreops_plugin_info"))
    assert (implementing.adds, "coreops_zeta_asked" in implementing.hooks) == ({}, True)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (("async def coreops_zeta_asked", "def coreops_zeta_asked"), "coreops_zeta_asked must be async def"),
        (("what):\n", "what, whom):\n"), "asks for whom, but the hook offers ctx, what"),
        (("coreops_zeta_asked", "coreops_zeta_askd"), "did you mean coreops_zeta_asked"),
        (("@hookimpl\nasync", "async"), "coreops_zeta_asked is not marked; put @hookimpl above it"),
    ],
)
async def test_an_implementation_that_does_not_fit_is_refused(two: Two, change: tuple[str, str], reason: str) -> None:
    two.install(implementer=change)
    await two.boot()
    state, said = two.state("alpha")
    assert state is PluginState.FAILED
    assert reason in said
    assert two.state("zeta") == (PluginState.ACTIVE, "")
    assert await two.ask() == {}


async def test_one_that_does_not_name_the_adding_plugin_is_told_to(two: Two) -> None:
    two.install(depends="[]")
    await two.boot()
    await two.changes.load("alpha", "user:1")
    assert two.state("alpha")[0] is PluginState.FAILED
    assert two.state("alpha")[1].endswith("implements hooks of zeta; name zeta in depends")


async def test_a_specification_that_is_not_returned_is_missed(two: Two) -> None:
    two.install(adder=("return [coreops_zeta_asked]", "return []"))
    await two.boot()
    assert two.state("zeta")[0] is PluginState.FAILED
    assert "marks coreops_zeta_asked with @hookspec; return it from coreops_addhooks" in two.state("zeta")[1]
    assert "coreops_zeta_asked is no hook of CoreOps or of a plugin that is loaded" in two.state("alpha")[1]


async def test_only_the_adding_plugin_calls_it_and_with_its_arguments(two: Two) -> None:
    await two.boot()
    with pytest.raises(DeclarationError, match="called coreops_zeta_asked with whom; it takes what"):
        await two.ask(whom="x")
    with pytest.raises(DeclarationError, match="'coreops_ready', which it did not add"):
        await two.ask("coreops_ready")
    with pytest.raises(DeclarationError, match="plugin 'alpha' called 'coreops_zeta_asked', which it did not add"):
        await two.world.contexts("alpha").hooks.call("coreops_zeta_asked", what="x")


async def test_one_that_raises_is_left_out_and_counted(two: Two) -> None:
    two.install(implementer=("return f", "raise RuntimeError; f"))
    await two.boot()
    assert await two.ask() == {}
    assert two.world.reports.one("alpha").faults == 1


async def test_it_stays_while_it_is_implemented_and_goes_with_the_adding_plugin(two: Two) -> None:
    await two.boot()
    with pytest.raises(PluginRefusedError, match="plugin 'zeta' is needed by alpha; unload them first"):
        await two.changes.unload("zeta", "user:1")
    await two.changes.unload("alpha", "user:1")
    report = await two.changes.unload("zeta", "user:1")
    assert (report.reason, report.contributions, report.adds) == ("by user:1", {}, {})
    assert "coreops_zeta_asked" not in two.world.table.specs
    for name in ("zeta", "alpha"):
        assert (await two.changes.load(name, "user:1")).state is PluginState.ACTIVE
    assert await two.ask() == {"alpha": "alpha: now"}


async def test_a_reload_swaps_the_hook_with_its_implementations(two: Two) -> None:
    await two.boot()
    two.install(adder=("what: str", "whom: str"), implementer=("what", "whom"))
    report = await two.changes.reload("zeta", "user:1")
    assert (report.done, report.with_it, report.left) == (True, ("alpha",), ())
    assert await two.ask(whom="Ada") == {"alpha": "alpha: Ada"}


async def test_a_reload_after_which_an_implementation_would_not_fit_goes_back_and_says_why(two: Two) -> None:
    await two.boot()
    two.install(adder=("what: str", "whom: str"))
    report = await two.changes.reload("zeta", "user:1")
    assert not report.done
    assert "plugin 'alpha' has hooks that cannot be used" in report.error
    assert "asks for what, but the hook offers ctx, whom" in report.error
    assert await two.ask() == {"alpha": "alpha: now"}


async def coreops_other(ctx: PluginContext) -> None: ...


async def coreops_p_unmarked(ctx: PluginContext) -> None: ...


@hookspec(firstresult=True)
async def coreops_p_first(ctx: PluginContext) -> None: ...


@hookspec
def coreops_p_sync(ctx: PluginContext) -> None: ...


@hookspec
async def coreops_p_blind(what: str) -> None: ...


@hookspec
async def coreops_p_loose(ctx: PluginContext, what: str = "") -> None: ...


@pytest.mark.parametrize(
    ("function", "remedy"),
    [
        (coreops_other, "its name must begin with coreops_p_"),
        (coreops_p_unmarked, "put @hookspec above it"),
        (coreops_p_first, "write it without options of @hookspec"),
        (coreops_p_sync, "write it with async def"),
        (coreops_p_blind, "its first argument must be ctx"),
        (coreops_p_loose, "write its arguments plainly"),
    ],
)
def test_a_hook_that_cannot_be_added_is_refused_with_what_to_do(function: Callable[..., Any], remedy: str) -> None:
    with pytest.raises(DeclarationError, match=remedy):
        added_spec("p", function)
