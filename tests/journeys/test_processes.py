"""The runtime as a process of its own: what an operator and a supervisor see."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from coreops_sandbox.launcher import environment


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def settings(sandbox: Any, sample_workbook: Path, tmp_path: Path) -> dict[str, str]:
    return environment(sandbox, workbook=sample_workbook, state_dir=tmp_path / "state", http_port=free_port())


@pytest.fixture
async def run() -> AsyncIterator[Callable[[Mapping[str, str]], Any]]:
    """Start `coreops run` with these settings; what still runs at the end is killed by pid."""
    started: list[asyncio.subprocess.Process] = []

    async def start(settings: Mapping[str, str]) -> asyncio.subprocess.Process:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "coreops", "run",
            env={**os.environ, **settings},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        started.append(process)
        return process

    yield start
    for process in started:
        if process.returncode is None:
            process.kill()
        with suppress(ProcessLookupError):
            await process.communicate()


async def ready(port: int) -> None:
    async with asyncio.timeout(20), aiohttp.ClientSession() as session:
        while True:
            with suppress(aiohttp.ClientConnectionError):
                async with session.get(f"http://127.0.0.1:{port}/ready") as response:
                    if response.status == 200:
                        return
            await asyncio.sleep(0.05)


async def output(process: asyncio.subprocess.Process) -> str:
    async with asyncio.timeout(10):
        said, _ = await process.communicate()
    return said.decode()


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
async def test_a_signal_stops_it_cleanly_within_five_seconds(
    run: Any, settings: dict[str, str], sign: signal.Signals
) -> None:
    process = await run(settings)
    await ready(int(settings["COREOPS_HTTP_PORT"]))
    process.send_signal(sign)
    async with asyncio.timeout(5):
        said = await output(process)
    assert process.returncode == 0, said
    assert "Traceback" not in said


PLUGIN = """
import asyncio
from pathlib import Path
from coreops_hookspecs import PluginInfo, hookimpl

{at_import}

@hookimpl
def coreops_plugin_info():
    return PluginInfo.load(__name__)

@hookimpl
async def coreops_startup(ctx):
    {at_startup}

async def quit():
    {touch}
    raise SystemExit(3)
"""


@pytest.fixture
def with_plugin(settings: dict[str, str], tmp_path: Path) -> Callable[..., tuple[dict[str, str], Path]]:
    """Install a plugin; returns settings with which it is found, and a file that ``{touch}`` in its code makes."""
    site, info, here = tmp_path / "site", tmp_path / "site" / "odd-1.0.dist-info", tmp_path / "here"

    def install(at_import: str = "", at_startup: str = "pass") -> tuple[dict[str, str], Path]:
        touch = f"Path({str(here)!r}).touch()"
        info.mkdir(parents=True)
        text = PLUGIN.replace("{at_import}", at_import).replace("{at_startup}", at_startup)
        (site / "its_odd.py").write_text(text.replace("{touch}", touch))
        (site / "its_odd.coreops-plugin.toml").write_text('hook-api = ">=0.1,<1"\n')
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: odd\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text("[coreops]\nodd = its_odd\n")
        return {**settings, "PYTHONPATH": str(site)}, here

    return install


async def appears(path: Path) -> None:
    async with asyncio.timeout(20):
        while not path.exists():
            await asyncio.sleep(0.01)


HANGS = {
    "in a call": {"at_import": "{touch}; import time; time.sleep(600)"},
    "in a loop": {"at_import": "{touch}\nwhile True: pass"},
    "in startup": {"at_startup": "{touch}; await asyncio.Event().wait()"},
}


@pytest.mark.parametrize("where", HANGS)
async def test_ctrl_c_ends_a_start_that_a_plugin_holds_up_at_once_and_holds_nothing_against_it(
    run: Any, with_plugin: Any, tmp_path: Path, where: str
) -> None:
    settings, here = with_plugin(**HANGS[where])
    process = await run(settings)
    await appears(here)
    process.send_signal(signal.SIGINT)
    said = await output(process)
    assert process.returncode == 0, said
    assert "Traceback" not in said
    assert '"ERROR"' not in said
    assert "the start was stopped" in said
    assert json.loads((tmp_path / "state" / "boots.json").read_text()) == {"unready": 0}


async def test_a_task_of_a_plugins_own_that_would_end_the_process_ends_alone(run: Any, with_plugin: Any) -> None:
    settings, here = with_plugin(at_startup="asyncio.get_running_loop().kept = asyncio.create_task(quit())")
    process = await run(settings)
    await appears(here)
    await ready(int(settings["COREOPS_HTTP_PORT"]))
    process.send_signal(signal.SIGINT)
    said = await output(process)
    assert process.returncode == 0, said
    assert "a task raised SystemExit, which ends it alone" in said
    assert "its_odd.py:" in said


async def test_missing_and_wrong_settings_are_listed_together_with_exit_code_2(run: Any, tmp_path: Path) -> None:
    wrong = {"DISCORD_TOKEN": "", "COREOPS_WORKBOOK": str(tmp_path), "COREOPS_HTTP_PORT": "eighty", "TIMEZONE": "Mars"}
    process = await run(wrong)
    said = await output(process)
    assert process.returncode == 2
    for key in ("DISCORD_TOKEN", "COREOPS_HTTP_PORT", "TIMEZONE"):
        assert key in said
    assert "eighty" in said
    assert "Traceback" not in said


async def test_a_second_runtime_on_the_same_state_is_refused_with_the_pid_of_the_first(
    run: Any, settings: dict[str, str]
) -> None:
    first = await run(settings)
    await ready(int(settings["COREOPS_HTTP_PORT"]))
    second = await run({**settings, "COREOPS_HTTP_PORT": str(free_port())})
    said = await output(second)
    assert second.returncode not in {0, None}
    assert str(first.pid) in said
    assert "Traceback" not in said


@pytest.mark.parametrize("token", ["not.the.token", "MTIzNDU2Nzg5MDEyMzQ1Njc4.well-formed.but-not-the-token"])
async def test_a_wrong_token_is_explained_and_not_shown(run: Any, settings: dict[str, str], token: str) -> None:
    process = await run({**settings, "DISCORD_TOKEN": token})
    said = await output(process)
    assert process.returncode == 4
    assert "DISCORD_TOKEN" in said
    assert token not in said
    assert "Traceback" not in said


async def test_a_busy_port_is_named_with_the_setting(run: Any, settings: dict[str, str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        process = await run({**settings, "COREOPS_HTTP_PORT": str(port)})
        said = await output(process)
    assert process.returncode == 2
    assert str(port) in said
    assert "COREOPS_HTTP_PORT" in said


async def test_clans_are_served_from_the_last_good_copy_when_the_workbook_is_gone(
    run: Any, settings: dict[str, str], sandbox: Any
) -> None:
    process = await run(settings)
    await ready(int(settings["COREOPS_HTTP_PORT"]))
    process.send_signal(signal.SIGTERM)
    await output(process)
    (Path(settings["COREOPS_WORKBOOK"]) / "recruitment" / "clans.csv").unlink()
    await run(settings)
    await ready(int(settings["COREOPS_HTTP_PORT"]))
    from coreops_sandbox.chat import Chat

    async with Chat(sandbox.url) as chat:
        tag = str((await chat.autocomplete("clan", "tag", ""))[0].value)
        card = await chat.slash("clan", options={"tag": tag})
    assert tag in card.text
    assert "data from" in card.text.lower()
