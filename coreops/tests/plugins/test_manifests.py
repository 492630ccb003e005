"""What a plugin's manifest says is enforced, most of it before a line of the plugin runs."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from coreops.plugins.discovery import Found, discover
from coreops_hookspecs.health import PluginState

API = 'hook-api = ">=0.1,<1"\n'
GREETER = """
from coreops_hookspecs import PluginInfo, hookimpl

@hookimpl
def coreops_plugin_info():
    return {info}
"""


def found(name: str) -> list[Found]:
    return [each for each in discover() if each.name == name]


async def state(world: Any, name: str) -> tuple[PluginState, str]:
    manager = world.manager()
    await manager.declare_all(found(name))
    manager.contribute_all(world.adders)
    await manager.start_all()
    return world.states[name].state, world.states[name].reason


@pytest.mark.parametrize(
    ("manifest", "said"),
    [
        (None, "no coreops-plugin.toml"),
        ('hook-api = ">=7"', "update CoreOps"),
        (API + 'needs = ["telepathy"]', "'telepathy', which is no capability"),
        (API + 'greeting = "hi"', "greeting is none of its keys"),
    ],
)
async def test_an_incompatible_plugin_is_never_imported(world: Any, site: Any, manifest: str, said: str) -> None:
    site.install("greeter", {"plugin.py": "raise RuntimeError('imported')"}, manifest=manifest)
    told = await state(world, "greeter")
    assert told[0] is PluginState.INCOMPATIBLE
    assert said in told[1]
    assert not [name for name in sys.modules if name.startswith("its_greeter")]
    assert world.faults == []


async def test_a_plugin_that_takes_its_identity_from_its_manifest_is_active(world: Any, site: Any) -> None:
    manifest = API + 'needs = ["http"]\nsummary = "Greets."'
    site.install("greeter", {"plugin.py": GREETER.format(info="PluginInfo.load(__name__)")}, manifest=manifest)
    manager = world.manager()
    await manager.declare_all(found("greeter"))
    info = manager.info("greeter")
    assert info is not None
    assert (info.name, info.version, info.summary, info.needs) == ("greeter", "1.0", "Greets.", {"http"})


@pytest.mark.parametrize(
    ("info", "said"),
    [
        ("PluginInfo('greeter', '1', needs=frozenset({'http'}))", "says needs http, coreops-plugin.toml says none"),
        ("PluginInfo('greeter', '1', depends=('ops',))", "says depends ops, coreops-plugin.toml says none"),
        ("PluginInfo('greeter', '1', 'Hi.')", "says summary 'Hi.', coreops-plugin.toml says ''"),
        ("PluginInfo('greeter', '1', hook_api='>=0.1')", "says hook_api '>=0.1', coreops-plugin.toml says '>=0.1,<1'"),
    ],
)
async def test_a_plugin_that_contradicts_its_manifest_is_refused_naming_both(
    world: Any, site: Any, info: str, said: str
) -> None:
    site.install("greeter", {"plugin.py": GREETER.format(info=info)}, manifest=API)
    told = await state(world, "greeter")
    assert told[0] is PluginState.FAILED
    assert said in told[1]


async def test_a_plugin_handed_in_as_an_object_needs_no_manifest(world: Any, make_plugin: Any) -> None:
    manager = world.manager()
    await manager.declare_all((), [make_plugin("given")])
    manager.contribute_all(world.adders)
    await manager.start_all()
    assert world.states["given"].state is PluginState.ACTIVE
