"""A plugin that keeps the bot from starting: the fourth start does without it."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from coreops_hookspecs import PluginState
from coreops_sandbox.chat import Persona
from coreops_sandbox.launcher import environment

PLUGIN = """
import os
from coreops_hookspecs import PluginInfo, hookimpl

@hookimpl
def coreops_plugin_info():
    return PluginInfo.load(__name__)

@hookimpl
async def coreops_startup(ctx):
    {body}
"""


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str, str], None]]:
    """Install plugins, also for processes that are started."""
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.setenv("PYTHONPATH", str(folder))
    monkeypatch.syspath_prepend(folder)

    def install(name: str, body: str) -> None:
        (folder / f"its_{name}.py").write_text(PLUGIN.format(body=body))
        (folder / f"its_{name}.coreops-plugin.toml").write_text('hook-api = ">=0.1,<1"\n')
        info = folder / f"{name}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(f"[coreops]\n{name} = its_{name}\n")

    yield install
    for module in [module for module in sys.modules if module.startswith("its_")]:
        del sys.modules[module]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def test_after_three_starts_that_died_the_fourth_runs_only_ops_and_says_so(
    boot: Any, site: Callable[[str, str], None], sandbox: Any, sample_workbook: Path, tmp_path: Path
) -> None:
    site("deadly", "os._exit(1)")
    env = environment(sandbox, workbook=sample_workbook, state_dir=tmp_path / "state", http_port=free_port())
    for _ in range(3):
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "coreops", "run",
            env={**os.environ, **env},
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        async with asyncio.timeout(30):
            assert await process.wait() == 1
    bot = await boot()
    reports = {each.name: each for each in bot.running.plugins()}
    assert [name for name, each in reports.items() if each.state is PluginState.ACTIVE] == ["ops"]
    assert reports["deadly"].reason.startswith("safe mode: the last 3 starts did not get ready")
    async with aiohttp.ClientSession() as session, session.get(f"{bot.http_url}/health") as response:
        parts = {each["name"]: each for each in (await response.json())["components"]}
    assert parts["safe mode"]["status"] == "degraded"
    kept = ", ".join(name for name in sorted(reports) if name != "ops")
    for command in ("!ops health", "!ops digest"):
        told = str(await bot.chat.say(command, as_=Persona.ADMIN))
        assert f"safe mode is on: {kept} are not loaded" in told
        assert "`!ops plugins load NAME`" in told
    async with aiohttp.ClientSession() as session, session.get(bot.http_url, headers={"Accept": "text/html"}) as page:
        assert f"Safe mode is on: {kept} are not loaded" in await page.text()
    shown = await bot.chat.say("!ops plugins", as_=Persona.ADMIN)
    assert "safe mode: the last 3 starts did not get ready" in str(shown)
    told = [each for each in bot.running.app.ground.bus.recent() if getattr(each, "name", "") == "safe mode"]
    assert "coreops plugins bisect" in str(told)
    changes = bot.running.app.ground.plugins.changes
    assert (await changes.load("recruitment", "user:1")).state is PluginState.ACTIVE, "by hand it may be loaded"


async def test_a_start_that_gets_ready_ends_the_count(boot: Any, tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "boots.json").write_text('{"unready": 2}')
    bot = await boot()
    assert {each.name for each in bot.running.plugins() if each.state is PluginState.ACTIVE} > {"ops"}
    assert (tmp_path / "state" / "boots.json").read_text() == '{"unready":0}'
