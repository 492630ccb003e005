"""Plugins are changed past Discord: over HTTP by whoever proves that they may, and with the command line."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from coreops_shared.state.audit import entries

WORKBOOK = {"recruitment": {"every": "tag\nEMB\n"}}
JSON = "application/json"


async def post(bot: Any, path: str, body: bytes = b"{}", **headers: str) -> tuple[int, Any]:
    url = f"{bot.http_url}/admin/plugins/{path}"
    async with aiohttp.ClientSession() as session, session.post(url, data=body, headers=headers) as answer:
        return answer.status, await answer.json()


def bearer(bot: Any) -> str:
    return f"Bearer {(bot.state_dir / 'admin-key').read_text()}"


def state_of(bot: Any) -> str:
    return {plugin.name: plugin.state.value for plugin in bot.running.plugins()}["recruitment"]


async def test_the_key_of_the_state_folder_opens_the_way_and_is_gone_at_the_end(boot: Any) -> None:
    bot = await boot()
    key = bot.state_dir / "admin-key"
    assert key.stat().st_mode & 0o777 == 0o600
    body = json.dumps({"reason": "too loud", "who": "alice"}).encode()
    status, told = await post(bot, "recruitment/quarantine", body, Authorization=bearer(bot), **{"Content-Type": JSON})
    assert (status, told["ok"], told["outcome"], told["actor"]) == (200, True, "done", "operator:alice")
    assert told["plugin"]["reason"] == "by operator:alice: too loud"
    assert state_of(bot) == "quarantined"
    status, told = await post(bot, "recruitment/reinstate", b"", Authorization=bearer(bot), **{"Content-Type": JSON})
    assert (status, told["plugin"]["state"], told["actor"]) == (200, "active", "operator")
    assert "operator:alice `ops plugins quarantine" in (await bot.chat.say("!ops audit", as_="admin")).text
    await bot.stop()
    first, last, *_ = entries(bot.state_dir / "state.sqlite3")
    assert (first.command, first.surface, first.actor, dict(first.options)) == (
        "ops plugins quarantine",
        "http",
        "operator:alice",
        {"name": "recruitment", "reason": "too loud"},
    )
    assert last.trace == told["trace"]
    assert [tuple(change) for change in first.changes] == [("plugin recruitment", "active", "quarantined")]
    assert not key.exists()


async def test_the_token_opens_it_from_everywhere_and_the_key_from_this_machine_alone(boot: Any) -> None:
    bot = await boot(env={"COREOPS_HTTP_TOKEN": "a-long-token-of-the-operator"})
    elsewhere = {"X-Forwarded-For": "192.0.2.1", "Content-Type": JSON}
    token = "Bearer a-long-token-of-the-operator"
    assert (await post(bot, "ops/reinstate", Authorization=token, **elsewhere))[0] == 409
    assert (await post(bot, "ops/reinstate", Authorization=bearer(bot), **elsewhere))[0] == 401
    rebound = {"Host": "evil.example", "Content-Type": JSON}
    assert (await post(bot, "ops/reinstate", Authorization=bearer(bot), **rebound))[0] == 401


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        ({"Content-Type": JSON}, b"{}", 401),
        ({"Content-Type": JSON, "Authorization": "Bearer nonsense"}, b"{}", 401),
        ({"Content-Type": JSON, "Authorization": "Basic KEY"}, b"{}", 401),
        ({"Content-Type": JSON, "Authorization": "Bearer KEY", "Origin": "http://127.0.0.1"}, b"{}", 403),
        ({"Content-Type": JSON, "Authorization": "Bearer KEY", "Sec-Fetch-Site": "cross-site"}, b"{}", 403),
        ({"Content-Type": "text/plain", "Authorization": "Bearer KEY"}, b"{}", 415),
        ({"Content-Type": JSON, "Authorization": "Bearer KEY"}, b"{", 400),
        ({"Content-Type": JSON, "Authorization": "Bearer KEY"}, b'{"paln": true}', 400),
        ({"Content-Type": JSON, "Authorization": "Bearer KEY"}, b'{"plan": true}', 409),
    ],
)
async def test_what_is_not_proven_not_json_or_sent_for_a_page_changes_nothing(
    boot: Any, headers: Mapping[str, str], body: bytes, status: int
) -> None:
    bot = await boot()
    key = (bot.state_dir / "admin-key").read_text()
    given = {name: value.replace("KEY", key) for name, value in headers.items()}
    answered, told = await post(bot, "recruitment/unload", body, **given)
    assert (answered, told["status"]) == (status, status)
    assert told["error"]
    assert state_of(bot) == "active"


@pytest.mark.parametrize("path", ["recruitment/explode", "Recruitment/unload"])
async def test_an_action_or_a_name_that_cannot_be_is_not_found(boot: Any, path: str) -> None:
    bot = await boot()
    assert (await post(bot, path, Authorization=bearer(bot), **{"Content-Type": JSON}))[0] == 404


@pytest.fixture
def coreops(tmp_path: Path) -> Callable[..., Any]:
    """Run ``coreops plugins`` where a bot runs."""

    async def run(bot: Any, *arguments: str, **env: str) -> tuple[int, str, str]:
        settings = {
            "PATH": os.environ["PATH"],
            "DISCORD_TOKEN": "a.b.c",
            "COREOPS_WORKBOOK": str(tmp_path),
            "COREOPS_STATE_DIR": str(bot.state_dir),
            "COREOPS_HTTP_PORT": bot.http_url.rpartition(":")[2],
            "COLUMNS": "160",
        }
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "coreops", "plugins", *arguments,
            env=settings | env, cwd=tmp_path, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        async with asyncio.timeout(60):
            out, err = await process.communicate()
        return process.returncode or 0, out.decode(), err.decode()

    return run


async def test_the_command_line_unloads_loads_plans_and_reloads(boot: Any, every_kind: Any, coreops: Any) -> None:
    bot = await boot(workbook=WORKBOOK)
    code, out, err = await coreops(bot, "unload", "every")
    assert (code, err) == (0, "")
    assert out.startswith("unload every: done in ")
    assert "There is no command" in (await bot.chat.say("!ops every", as_="staff")).text
    code, out, _ = await coreops(bot, "load", "every", "--json")
    assert (code, json.loads(out)["plugin"]["state"]) == (0, "active")
    every_kind("good day", replaced=('name="tool"', 'name="gadget"'), version="1.1")
    code, out, _ = await coreops(bot, "reload", "every", "--plan")
    assert code == 0
    assert out.splitlines()[1:3] == ["version 1.0 → 1.1", "changed command everytools"]
    assert "nothing was changed yet; coreops plugins reload every does it" in out
    assert (await coreops(bot, "reload", "every"))[0] == 0
    assert (await bot.chat.say("!every")).text == "good day key True"


async def test_the_command_line_tells_what_was_rolled_back_or_refused(boot: Any, every_kind: Any, coreops: Any) -> None:
    bot = await boot(workbook=WORKBOOK)
    every_kind(replaced=("import annotations", "import annotations\n\nraise RuntimeError('no good')"))
    code, out, _ = await coreops(bot, "reload", "every")
    assert code == 1
    assert "reload every: rolled back" in out
    assert "no good" in out
    code, out, err = await coreops(bot, "unload", "ops")
    assert (code, out) == (1, "")
    assert err.startswith("coreops: plugin 'ops' cannot be unloaded")
    code, out, err = await coreops(bot, "load", "ops", COREOPS_STATE_DIR=str(bot.state_dir.parent / "elsewhere"))
    assert code == 2
    assert "admin-key cannot be read" in err
    assert "COREOPS_STATE_DIR" in err
    code, _, err = await coreops(bot, "load", "ops", COREOPS_HTTP_PORT="1")
    assert code == 1
    assert "no runtime answers on 127.0.0.1:1" in err
