"""Jobs and dead writes of a running bot are changed with the command line, and kept on record."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import aiohttp
import pytest

NOTES = {"recruitment": {"notes": "tag,text\nOLD,theirs\n"}}


async def test_a_job_is_run_paused_looked_at_and_resumed_from_a_terminal(boot: Any, coreops: Any) -> None:
    bot = await boot()
    code, out, err = await coreops(bot, "jobs", "run", "state.backup")
    assert (code, err) == (0, "")
    assert out.startswith("state.backup: ok in ")
    code, out, _ = await coreops(bot, "jobs", "pause", "state.backup", "--json")
    told = json.loads(out)
    assert (code, told["outcome"], told["job"]["next_at"]) == (0, "done", None)
    assert told["job"]["pause"]["actor"].startswith("operator")
    assert "paused" in (await bot.chat.say("!ops jobs next state.backup", as_="staff")).text
    _, out, _ = await coreops(bot, "jobs", "next", "state.backup")
    assert "coreops jobs resume state.backup ends that" in out
    assert len([line for line in out.splitlines() if "T04:30:00Z" in line]) == 5
    code, out, _ = await coreops(bot, "jobs", "resume", "state.backup")
    assert (code, "next 2" in out, "paused" in out) == (0, True, False)
    audit = (await bot.chat.say("!ops audit", as_="admin")).text
    assert all(f"`ops jobs {what} name:state.backup" in audit for what in ("run", "pause", "next", "resume")), audit


async def test_a_run_that_fails_and_a_job_that_is_not_there_are_told_by_the_exit_code(boot: Any, coreops: Any) -> None:
    bot = await boot()
    bot.state_dir.joinpath("backups").write_text("in the way")
    code, out, _ = await coreops(bot, "jobs", "run", "state.backup")
    assert (code, "state.backup: error in" in out, "because: " in out) == (1, True, True)
    code, out, err = await coreops(bot, "jobs", "run", "state.bakcup")
    assert (code, out) == (1, "")
    assert "no job 'state.bakcup'; did you mean \"state.backup\"" in err


async def test_a_dead_write_of_a_running_bot_is_replayed_and_dropped_from_a_terminal(
    boot: Any, coreops: Any, writer: Any
) -> None:
    bot = await boot(plugins=["recruitment", writer], workbook=NOTES)
    await bot.running.run_job("writer.write")
    listed = json.loads((await coreops(bot, "outbox", "list", "--json"))[1])
    (dead,) = [write for write in listed if write["state"] == "dead"]
    code, out, err = await coreops(bot, "outbox", "replay", str(dead["number"]), "--overwrite")
    assert (code, out, err) == (0, f"write {dead['number']} waits for its turn again\n", "")
    async with asyncio.timeout(10):
        while "mine" not in (bot.state_dir.parent / "workbook" / "recruitment" / "notes.csv").read_text():
            await asyncio.sleep(0.05)
    code, out, err = await coreops(bot, "outbox", "drop", str(dead["number"]))
    assert (code, out) == (1, "")
    assert f"write {dead['number']}" in err
    assert "ops outbox list shows the dead letters" in err
    assert f"`ops outbox replay number:{dead['number']}" in (await bot.chat.say("!ops audit", as_="admin")).text


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("jobs/state.backup/explode", b"{}", 404),
        ("jobs/nothing/run", b"{}", 404),
        ("jobs/state.backup/run", b'{"overwrite": true}', 400),
        ("outbox/0/drop", b"{}", 404),
        ("outbox/1/explode", b"{}", 404),
        ("outbox/1/drop", b"{}", 409),
        ("outbox/1/replay", b'{"overwrite": "yes"}', 400),
    ],
)
async def test_what_cannot_be_asked_is_refused_with_its_reason(boot: Any, path: str, body: bytes, status: int) -> None:
    bot = await boot()
    url = f"{bot.http_url}/admin/{path}"
    async with aiohttp.ClientSession() as session:
        async with session.post(url, data=body, headers={"Content-Type": "application/json"}) as answer:
            assert answer.status == 401
        key = (bot.state_dir / "admin-key").read_text()
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {key}"}
        async with session.post(url, data=body, headers=headers) as answer:
            assert (answer.status, (await answer.json())["status"]) == (status, status)
