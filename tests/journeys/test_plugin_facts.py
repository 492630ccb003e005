"""What is known of a plugin is the same in Discord, on the command line and in ``/health``."""

from __future__ import annotations

import asyncio
import json
import os
import re
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from coreops_hookspecs import PluginState


async def health(bot: Any) -> dict[str, dict[str, Any]]:
    async with aiohttp.ClientSession() as session, session.get(f"{bot.http_url}/health") as answer:
        return {plugin["name"]: plugin for plugin in (await answer.json())["plugins"]}


@pytest.fixture
def coreops(tmp_path: Path) -> Callable[..., Any]:
    async def run(bot: Any, *arguments: str) -> str:
        env = {"PATH": os.environ["PATH"], "COREOPS_HTTP_PORT": bot.http_url.rpartition(":")[2], "COLUMNS": "240"}
        env["PYTHONPATH"] = str(tmp_path / "site")
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "coreops", *arguments,
            env=env, cwd=tmp_path, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        async with asyncio.timeout(60):
            out, _ = await process.communicate()
        return out.decode()

    return run


async def test_state_reason_since_and_retry_time_are_alike_everywhere(boot: Any, coreops: Any) -> None:
    bot = await boot(plugins=["recruitment"])
    await bot.chat.say("!ops plugins quarantine recruitment counting wrong", as_="admin")
    told = (await health(bot))["recruitment"]
    page = (await bot.chat.say("!ops plugins recruitment", as_="staff")).embed
    listed = {row["name"]: row for row in json.loads(await coreops(bot, "plugins", "list", "--live", "--json"))}
    info = json.loads(await coreops(bot, "plugins", "info", "recruitment", "--live", "--json"))
    for row in (listed["recruitment"], info, info["live"]):
        assert (row["state"], row["reason"], row["since"]) == (told["state"], told["reason"], told["since"])
        assert (row["retry_at"] or None) == told["retry_at"]
    assert page.title == f"❌ recruitment · {told['state']}"
    assert re.sub(r"<@(\d+)>", r"user:\1", page.description.splitlines()[0]) == told["reason"]
    assert page.field("Since") == f"<t:{int(datetime.fromisoformat(told['since']).timestamp())}:R>"
    text = await coreops(bot, "plugins", "info", "recruitment", "--live")
    for name in ("Version", "Distribution", "Calls", "Contributes", "Hooks"):
        assert re.search(rf"^{name.lower()} +{re.escape(page.field(name))}$", text, re.MULTILINE), name


async def test_who_held_the_loop_and_where_is_told_everywhere(boot: Any, every_kind: Any, coreops: Any) -> None:
    holding = "import time\n        time.sleep(0.6)\n        await ctx.respond(f"
    every_kind(replaced=("await ctx.respond(f", holding))
    bot = await boot(workbook={"recruitment": {"every": "tag\nEMB\n"}})
    await bot.chat.say("!every")
    async with asyncio.timeout(10):
        while not (told := (await health(bot))["every"])["last_block"]:
            await asyncio.sleep(0.05)
    place = f"{told['last_block']['file']}:{told['last_block']['line']}"
    assert place.startswith("every_kind/plugin.py:")
    page = (await bot.chat.say("!ops plugins every", as_="staff")).embed
    held = page.field("Held the loop")
    assert re.fullmatch(rf"\d+ ms in {place} \(invoke.*\)", held)
    assert re.fullmatch(r"\d+, 0 failed, 0 faults", page.field("Calls"))
    assert re.fullmatch(r"\d+ ms", page.field("P99"))
    assert f"held the loop {held}" in (await bot.chat.say("!ops plugins", as_="staff")).text
    assert re.search(
        rf"^held the loop +{re.escape(held)}$", await coreops(bot, "plugins", "info", "every", "--live"), re.M
    )


async def test_hooks_are_listed_with_who_implements_them(boot: Any, coreops: Any) -> None:
    bot = await boot(plugins=["recruitment"])
    entries = {entry["name"]: entry for entry in json.loads(await coreops(bot, "hooks", "--json"))}
    assert entries["coreops_cache_buckets"] == {
        "name": "coreops_cache_buckets",
        "kind": "declares",
        "signature": "coreops_cache_buckets() -> Sequence[BucketSpec[Any]]",
        "implementers": ["recruitment"],
    }
    assert entries["coreops_startup"]["kind"] == "event, 30 s"
    assert entries["coreops_plugin_info"]["implementers"] == ["ops", "recruitment"]
    (row,) = json.loads(await coreops(bot, "plugins", "list", "--hook", "cache_buckets", "--json"))
    assert (row["name"], row["state"]) == ("recruitment", PluginState.ACTIVE)
    assert 'did you mean "coreops_settings"' in await coreops(bot, "plugins", "list", "--hook", "setings")


async def test_a_hook_that_a_plugin_adds_is_listed_like_those_of_the_contract(boot: Any, coreops: Any) -> None:
    from coreops_cheers import plugin as cheers
    from coreops_toasts import plugin as toasts

    bot = await boot(plugins=[toasts, cheers])
    entries = {entry["name"]: entry for entry in json.loads(await coreops(bot, "hooks", "--json"))}
    assert entries["coreops_toasts_raised"] == {
        "name": "coreops_toasts_raised",
        "kind": "of toasts",
        "signature": "coreops_toasts_raised(ctx: PluginContext, who: str) -> str | None",
        "implementers": ["cheers"],
    }
    assert entries["coreops_addhooks"]["implementers"] == ["toasts"]
    assert "coreops_toasts_raised" in await coreops(bot, "hooks")
    assert await coreops(bot, "plugins", "list", "--hook", "toasts_raised") == "no plugin implements it\n", (
        "not installed"
    )
