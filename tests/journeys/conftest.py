from __future__ import annotations

import asyncio
import os
import shutil
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from importlib.resources import as_file, files
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import aiohttp
import pytest

from coreops_hookspecs import Capability, JobSpec, PluginInfo, hookimpl

_PLUGIN = Path(__file__).with_name("every_kind")


@pytest.fixture
def sample_workbook(tmp_path: Path) -> Path:
    """A writable copy of the workbook that `make run` starts with."""
    with as_file(files("coreops_sandbox") / "sample") as sample:
        return Path(shutil.copytree(sample, tmp_path / "workbook"))


async def _answers(url: str, started_before: str = "") -> str:
    """Wait until a runtime is ready and return when it was started, if that is another one than before."""
    async with asyncio.timeout(30), aiohttp.ClientSession() as session:
        while True:
            with suppress(aiohttp.ClientError):
                async with session.get(f"{url}/ready") as response:
                    ready = response.status == 200
                async with session.get(f"{url}/health", headers={"Accept": "application/json"}) as response:
                    started_at = str((await response.json()).get("started_at", ""))
                if ready and started_at != started_before:
                    return started_at
            await asyncio.sleep(0.05)


@pytest.fixture
def answers() -> Callable[..., Any]:
    return _answers


@pytest.fixture
async def serve() -> AsyncIterator[Callable[..., Any]]:
    """Start `coreops run` with these settings and wait until it serves; what still runs at the end is killed by pid."""
    started: list[asyncio.subprocess.Process] = []

    async def start(settings: Mapping[str, str], through: Sequence[str] = ()) -> asyncio.subprocess.Process:
        process = await asyncio.create_subprocess_exec(
            *through, sys.executable, "-m", "coreops", "run",
            env={**os.environ, **settings},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        started.append(process)
        await _answers(f"http://127.0.0.1:{settings['COREOPS_HTTP_PORT']}")
        return process

    yield start
    for process in started:
        if process.returncode is None:
            process.kill()
        with suppress(ProcessLookupError):
            await process.communicate()


@pytest.fixture
def coreops(tmp_path: Path) -> Callable[..., Any]:
    """Run `coreops` where a bot runs."""

    async def run(bot: Any, *arguments: str) -> tuple[int, str, str]:
        settings = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": os.environ.get("PYTHONPATH", ""),
            "COREOPS_STATE_DIR": str(bot.state_dir),
            "COREOPS_HTTP_PORT": bot.http_url.rpartition(":")[2],
        }
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "coreops", *arguments,
            env=settings, cwd=tmp_path, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        async with asyncio.timeout(60):
            out, err = await process.communicate()
        return process.returncode or 0, out.decode(), err.decode()

    return run


@pytest.fixture
def every_kind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Install the plugin, or put another release in its place."""
    site = tmp_path / "site"
    package = Path(shutil.copytree(_PLUGIN, site / "every_kind", ignore=shutil.ignore_patterns("__pycache__")))
    info = site / "every_kind.dist-info"
    info.mkdir()
    (info / "entry_points.txt").write_text("[coreops]\nevery = every_kind.plugin\n")

    def put(word: str = "hello", *, replaced: tuple[str, str] = ("", ""), version: str = "1.0") -> None:
        (package / "plugin.py").write_text((_PLUGIN / "plugin.py").read_text().replace(*replaced))
        (package / "words.py").write_text(f"WORD = {word!r}\n")
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: every-kind\nVersion: {version}\n")

    put()
    monkeypatch.syspath_prepend(site)
    yield put
    for name in [name for name in sys.modules if name.startswith("every_kind")]:
        del sys.modules[name]


@pytest.fixture
def writer() -> Any:
    """A plugin whose job `writer.write` has one write applied and one found dead; the tab is `recruitment`/`notes`."""

    @hookimpl
    def coreops_plugin_info() -> PluginInfo:
        return PluginInfo("writer", "1.0", needs=frozenset({Capability.SCHEDULER, Capability.SHEETS_WRITE}))

    @hookimpl
    def coreops_jobs() -> list[JobSpec]:
        async def write(ctx: Any) -> None:
            row = {"tag": "OLD", "text": "mine"}
            added = await ctx.outbox.append("recruitment", "notes", {"tag": "NEW", "text": "x"}, key="tag", name="a")
            edited = await ctx.outbox.update(
                "recruitment", "notes", row, key="tag", expected={"text": "never there"}, name="b"
            )
            for each in (added, edited):
                await ctx.outbox.settled(each, within=5)

        return [JobSpec("writer.write", write, cron="0 0 1 1 *")]

    return SimpleNamespace(coreops_plugin_info=coreops_plugin_info, coreops_jobs=coreops_jobs)
