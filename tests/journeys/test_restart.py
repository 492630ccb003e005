"""A restart that an admin asks for in Discord, and a permission that is lost while a process runs."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from coreops_sandbox.chat import Chat
from coreops_sandbox.launcher import environment


@pytest.fixture
def settings(sandbox: Any, sample_workbook: Path, tmp_path: Path) -> dict[str, str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    return environment(sandbox, workbook=sample_workbook, state_dir=tmp_path / "state", http_port=port)


@pytest.fixture
def url(settings: dict[str, str]) -> str:
    return f"http://127.0.0.1:{settings['COREOPS_HTTP_PORT']}"


@pytest.fixture
async def chat(sandbox: Any) -> AsyncIterator[Chat]:
    async with Chat(sandbox.url) as chat:
        yield chat


async def told(chat: Chat, title: str) -> dict[str, Any]:
    """Wait until a card of that title stands in the channel of the operators."""
    async with asyncio.timeout(10):
        while True:
            for message in await chat.messages("ops", as_="admin"):
                for embed in message["embeds"]:
                    if embed["title"] == title:
                        return embed
            await asyncio.sleep(0.05)


async def test_a_restart_replaces_the_process_and_is_reported_back_in_the_same_channel(
    serve: Any, answers: Any, settings: dict[str, str], url: str, chat: Chat
) -> None:
    process = await serve(settings)
    before = await answers(url)
    asked = await chat.slash("ops reload", as_="admin", options={"reboot": True})
    assert asked.embed.title == "Restarting · I report back here"
    assert await answers(url, before) != before
    card = await told(chat, "Restarted")
    assert card["description"].startswith("Asked for by <@")
    assert "Commands are answered again after" in card["description"]
    assert process.returncode is None, "the same process, started anew in place"
    assert (await chat.say("!ops ping")).text.startswith("🏓")
    assert not (Path(settings["COREOPS_STATE_DIR"]) / "reboot.json").exists()


async def test_a_restart_may_be_left_to_the_supervisor(serve: Any, settings: dict[str, str], chat: Chat) -> None:
    process = await serve({**settings, "COREOPS_REBOOT": "exit"})
    await chat.say("!ops reload --reboot", as_="admin")
    async with asyncio.timeout(10):
        assert await process.wait() == 7
    await serve({**settings, "COREOPS_REBOOT": "exit"})
    assert (await told(chat, "Restarted"))["description"].startswith("Asked for by <@")


@pytest.mark.fault(
    "the permission to read a spreadsheet or its file is lost",
    users="the last good rows, with their age",
    operator="ops health and checksheet say which file or spreadsheet, and to whom it must be shared",
    recovery="by itself once the permission is back, at the next read",
)
async def test_a_file_that_may_not_be_read_any_more_costs_nothing_but_age(
    serve: Any, settings: dict[str, str], chat: Chat
) -> None:
    through: tuple[str, ...] = ()
    if os.geteuid() == 0:  # to whom no permission is denied, unless that is given up
        if shutil.which("setpriv") is None:
            pytest.skip("needs setpriv, or another user than root")
        through = ("setpriv", "--bounding-set", "-dac_override,-dac_read_search", "--inh-caps", "-all")
    await serve({**settings, "BUCKET_CLANS_TTL": "1 s"}, through)
    tab = Path(settings["COREOPS_WORKBOOK"]) / "recruitment" / "clans.csv"
    tab.chmod(0)

    async def card() -> str:
        exchange = await chat.slash("clan", options={"tag": "EMB"}, channel="general")
        assert exchange.elapsed_ms < 1000
        assert "Ember Vanguard" in exchange.text
        return exchange.text

    async with asyncio.timeout(20):
        while "data from <t:" not in await card():
            pass
        while "may not be read" not in (await chat.slash("ops health", as_="staff")).text:
            pass
        tab.chmod(0o644)
        while "data from <t:" in await card():
            pass
