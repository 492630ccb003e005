from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import timedelta
from importlib.metadata import EntryPoint
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from coreops.plugins.discovery import Found
from coreops.plugins.selection import Selection
from coreops_hookspecs import Capability, HealthCheck, JobSpec, Setting, Toggle
from coreops_hookspecs.health import PluginState

Make = Callable[..., ModuleType]


async def nothing(*_: Any) -> Any:
    return None


def state_of(world: Any, name: str) -> tuple[PluginState, str]:
    return world.states[name].state, world.states[name].reason


async def test_a_good_plugin_becomes_active_with_its_contributions(world: Any, make_plugin: Make) -> None:
    manager = world.manager()
    plugin = make_plugin("good", {"coreops_settings": lambda: [Setting("GOOD_KEY")]})
    await manager.declare_all((), [plugin])
    manager.contribute_all(world.adders)
    await manager.start_all()
    assert state_of(world, "good") == (PluginState.ACTIVE, "")
    assert world.rooms["setting"] == [("good", Setting("GOOD_KEY"))]
    (report,) = manager.reports()
    assert (report.version, report.contributions) == ("1.2.3", {"setting": 1})


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("raise RuntimeError('at import')", "RuntimeError: at import"),
        ("raise SystemExit(4)", "SystemExit: 4"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("raise GeneratorExit('at import')", "GeneratorExit: at import"),
        ("import no_such_module_anywhere", "ModuleNotFoundError"),
        ("def broken(", "SyntaxError"),
    ],
)
async def test_a_plugin_that_cannot_be_imported_fails_alone(
    world: Any, make_plugin: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, body: str, said: str
) -> None:
    (tmp_path / "broken_plugin_under_test.py").write_text(body)
    monkeypatch.syspath_prepend(tmp_path)
    point = EntryPoint("broken", "broken_plugin_under_test", "coreops")
    manager = world.manager()
    await manager.declare_all([Found("broken", "d", "1", point.value, entry_point=point)], [make_plugin("good")])
    manager.contribute_all(world.adders)
    await manager.start_all()
    sys.modules.pop("broken_plugin_under_test", None)
    state, reason = state_of(world, "broken")
    assert state is PluginState.FAILED
    assert said in reason
    assert state_of(world, "good")[0] is PluginState.ACTIVE


async def test_a_plugin_that_raises_in_startup_fails_and_leaves_nothing_behind(world: Any, make_plugin: Make) -> None:
    async def coreops_startup(ctx: Any) -> None:
        raise RuntimeError("no database")

    manager = world.manager()
    hooks = {"coreops_startup": coreops_startup, "coreops_feature_toggles": lambda: [Toggle("bad")]}
    await manager.declare_all((), [make_plugin("bad", hooks), make_plugin("good")])
    manager.contribute_all(world.adders)
    assert world.rooms["toggle"]
    await manager.start_all()
    assert state_of(world, "bad") == (PluginState.FAILED, "startup raised RuntimeError: no database")
    assert world.rooms["toggle"] == []
    assert world.table.implementers("coreops_startup") == ()
    assert state_of(world, "good")[0] is PluginState.ACTIVE


@pytest.mark.parametrize(
    ("hooks", "said"),
    [
        ({"coreops_settings": lambda: "KEY"}, "returned str; expected a sequence"),
        ({"coreops_settings": lambda: [Toggle("x")]}, "returned Toggle at position 0; expected Setting"),
        ({"coreops_settings": lambda: 1 / 0}, "coreops_settings of plugin 'bad' raised ZeroDivisionError"),
        (
            {"coreops_jobs": lambda: [JobSpec("bad.tick", nothing, every=timedelta(seconds=1))]},
            "job 'bad.tick' of plugin 'bad' needs 'scheduler'; add it to PluginInfo.needs",
        ),
    ],
)
async def test_a_bad_declaration_is_refused_with_the_reason(
    world: Any, make_plugin: Make, hooks: dict[str, Any], said: str
) -> None:
    manager = world.manager()
    await manager.declare_all((), [make_plugin("bad", hooks)])
    manager.contribute_all(world.adders)
    state, reason = state_of(world, "bad")
    assert state is PluginState.FAILED
    assert said in reason


async def test_the_second_owner_of_a_name_is_refused_whole(world: Any, make_plugin: Make) -> None:
    settings = {"coreops_settings": lambda: [Setting("SHARED")]}
    second = {**settings, "coreops_health_checks": lambda: [HealthCheck("c", nothing)]}
    manager = world.manager()
    await manager.declare_all((), [make_plugin("a", settings), make_plugin("b", second)])
    manager.contribute_all(world.adders)
    await manager.start_all()
    assert state_of(world, "a")[0] is PluginState.ACTIVE
    state, reason = state_of(world, "b")
    assert state is PluginState.FAILED
    assert "already contributed by plugin 'a'" in reason
    assert world.rooms["check"] == []


@pytest.mark.parametrize(
    ("api", "said"), [("<0.1", "hook API <0.1"), (">=0.9", "update CoreOps"), ("0.1", "is no range")]
)
async def test_a_plugin_for_another_hook_api_is_refused(world: Any, make_plugin: Make, api: str, said: str) -> None:
    manager = world.manager()
    await manager.declare_all((), [make_plugin("old", hook_api=api)])
    manager.contribute_all(world.adders)
    assert said in state_of(world, "old")[1]


async def test_blocked_disallowed_and_safe_plugins_are_not_imported(world: Any) -> None:
    found = [Found(name, "d", "1", "no_such_module") for name in ("a", "b")]
    await world.manager(Selection(allowed=frozenset({"a"}), blocked=frozenset({"a"}))).declare_all(found)
    assert state_of(world, "a") == (PluginState.BLOCKED, "on the block-list COREOPS_PLUGINS_BLOCKED")
    assert state_of(world, "b") == (PluginState.BLOCKED, "not on the allow-list COREOPS_PLUGINS")
    assert Selection(safe=True).refusal("a")
    assert not Selection(safe=True, blocked=frozenset({"ops"})).refusal("ops")


async def test_plugins_start_after_those_they_depend_on_and_stop_before_them(world: Any, make_plugin: Make) -> None:
    log: list[str] = []

    async def coreops_startup(ctx: Any) -> None:
        log.append(f"+{ctx.plugin}")

    async def coreops_shutdown(ctx: Any, reason: str) -> None:
        log.append(f"-{ctx.plugin}:{reason}")

    hooks = {"coreops_startup": coreops_startup, "coreops_shutdown": coreops_shutdown}
    manager = world.manager()
    await manager.declare_all((), [make_plugin("a", hooks, depends=("b",)), make_plugin("b", hooks)])
    manager.contribute_all(world.adders)
    await manager.start_all()
    await manager.stop_all("bye")
    assert log == ["+b", "+a", "-a:bye", "-b:bye"]
    assert state_of(world, "a") == (PluginState.UNLOADED, "bye")


async def test_a_plugin_whose_dependency_did_not_start_fails_with_that_reason(world: Any, make_plugin: Make) -> None:
    async def coreops_startup() -> None:
        raise RuntimeError("bad")

    manager = world.manager()
    plugins = [make_plugin("a", depends=("b",)), make_plugin("b", {"coreops_startup": coreops_startup})]
    await manager.declare_all((), plugins)
    manager.contribute_all(world.adders)
    await manager.start_all()
    assert state_of(world, "a") == (PluginState.FAILED, "needs the plugin b, which did not start")


async def test_two_plugins_of_one_name_are_both_visible(world: Any, make_plugin: Make) -> None:
    manager = world.manager()
    await manager.declare_all((), [make_plugin("twin"), make_plugin("twin")])
    manager.contribute_all(world.adders)
    await manager.start_all()
    states = sorted(report.state for report in manager.reports())
    assert states == [PluginState.ACTIVE, PluginState.FAILED]


async def test_capabilities_that_are_declared_are_accepted(world: Any, make_plugin: Make) -> None:
    jobs = {"coreops_jobs": lambda: [JobSpec("p.tick", nothing, every=timedelta(seconds=1))]}
    manager = world.manager()
    await manager.declare_all((), [make_plugin("p", jobs, needs=frozenset({Capability.SCHEDULER}))])
    manager.contribute_all(world.adders)
    assert len(world.rooms["job"]) == 1


async def test_a_plugin_whose_settings_are_missing_does_not_start(world: Any, make_plugin: Make) -> None:
    world.unconfigured.add("p")
    manager = world.manager()
    await manager.declare_all((), [make_plugin("p", {"coreops_feature_toggles": lambda: [Toggle("t")]})])
    manager.contribute_all(world.adders)
    await manager.start_all()
    assert state_of(world, "p") == (PluginState.FAILED, "settings of p: missing")
    assert world.rooms["toggle"] == []


async def test_declaring_touches_no_room(world: Any, make_plugin: Make) -> None:
    manager = world.manager()
    await manager.declare_all((), [make_plugin("p", {"coreops_feature_toggles": lambda: [Toggle("t")]})])
    assert world.rooms["toggle"] == []
    manager.contribute_all(world.adders)
    assert len(world.rooms["toggle"]) == 1
