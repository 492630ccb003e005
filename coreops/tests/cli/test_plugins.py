"""``coreops plugins``."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import pytest
from aiohttp import web

EXPLODES = "raise RuntimeError('imported')\n"


def test_the_list_shows_what_is_installed(coreops: Callable[..., Any], install: Callable[..., None]) -> None:
    install("greeting", EXPLODES)
    ended = coreops("plugins", "list", "--json")
    assert ended.code == 0
    rows = {row["name"]: row for row in json.loads(ended.out)}
    assert rows["greeting"] == {
        "name": "greeting",
        "version": "1.5",
        "distribution": "demo-greeting",
        "entry_point": "demo_greeting",
        "state": "discovered",
        "reason": "",
        "since": "",
        "retry_at": "",
    }
    assert "ops" in rows


def test_the_table_names_plugins_and_states(coreops: Callable[..., Any], install: Callable[..., None]) -> None:
    install("greeting", EXPLODES)
    (line,) = [line for line in coreops("plugins", "list").out.splitlines() if "greeting" in line]
    assert line.split() == ["greeting", "1.5", "demo-greeting", "discovered"]


def test_a_plugin_that_two_distributions_declare_is_blocked_with_both_names(
    coreops: Callable[..., Any], install: Callable[..., None]
) -> None:
    install("greeting", EXPLODES)
    install("greeting", EXPLODES, "another-one")
    (row,) = [row for row in json.loads(coreops("plugins", "list", "--json").out) if row["name"] == "greeting"]
    assert row["state"] == "blocked"
    assert "another-one and demo-greeting" in row["reason"]


def test_a_plugin_that_this_runtime_cannot_serve_is_incompatible_with_the_reason(
    coreops: Callable[..., Any], install: Callable[..., None]
) -> None:
    install("greeting", EXPLODES, manifest='hook-api = ">=7"')
    (row,) = [row for row in json.loads(coreops("plugins", "list", "--json").out) if row["name"] == "greeting"]
    assert row["state"] == "incompatible"
    assert "update CoreOps" in row["reason"]


def test_listing_imports_no_plugin_and_nothing_heavy() -> None:
    program = """
import sys
from coreops.cli import main
try:
    main(["plugins", "list"])
except SystemExit as ended:
    assert not ended.code
heavy = ("hikari", "lightbulb", "aiohttp", "gspread", "pydantic", "loguru", "asyncio", "coreops_ops", "coreops_sandbox")
print([name for name in heavy if name in sys.modules])
"""
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    assert ended.stdout.splitlines()[-1] == "[]"


def test_listing_takes_less_than_three_tenths_of_a_second(coreops: Callable[..., Any]) -> None:
    def seconds() -> float:
        started = time.perf_counter()
        assert coreops("plugins", "list").code == 0
        return time.perf_counter() - started

    assert min(seconds() for _ in range(5)) < 0.3


def test_info_tells_what_metadata_knows(coreops: Callable[..., Any], install: Callable[..., None]) -> None:
    install("greeting", EXPLODES, manifest='hook-api = ">=0.1"\nneeds = ["http"]\nsummary = "Greets."')
    ended = coreops("plugins", "info", "greeting", "--json")
    told = json.loads(ended.out)
    assert (told["summary"], told["entry_point"], told["needs"]) == ("Greets.", "demo_greeting", ["http"])
    assert "summary       Greets." in coreops("plugins", "info", "greeting").out


def test_info_of_an_unknown_plugin_suggests_the_closest(coreops: Callable[..., Any]) -> None:
    ended = coreops("plugins", "info", "opps")
    assert (ended.code, ended.out) == (1, "")
    assert "no plugin 'opps' is installed; did you mean \"ops\"" in ended.err


async def served(answer: Any) -> web.AppRunner:
    app = web.Application()
    app.router.add_get("/health", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return runner


async def test_live_states_come_from_the_runtime_that_runs(coreops: Callable[..., Any]) -> None:
    async def health(request: web.Request) -> web.Response:
        plugins = [{"name": "ops", "state": "quarantined", "reason": "5 faults"}]
        return web.json_response({"status": "down", "plugins": plugins}, status=503)

    runner = await served(health)
    port = str(runner.addresses[0][1])
    env = {"COREOPS_HTTP_PORT": port, "http_proxy": "http://127.0.0.1:9"}
    ended = await asyncio.to_thread(coreops, "plugins", "list", "--json", "--live", env=env)
    await runner.cleanup()
    rows = {row["name"]: (row["state"], row["reason"]) for row in json.loads(ended.out)}
    assert rows["ops"] == ("quarantined", "5 faults")
    assert rows["recruitment"] == ("discovered", "")


@pytest.mark.parametrize("body", ["hello", "[]", "{}", '{"plugins": [3]}'])
async def test_something_else_on_the_port_is_told_so(coreops: Callable[..., Any], body: str) -> None:
    async def other(request: web.Request) -> web.Response:
        return web.Response(text=body)

    runner = await served(other)
    port = str(runner.addresses[0][1])
    ended = await asyncio.to_thread(coreops, "plugins", "list", "--live", "--http-port", port)
    await runner.cleanup()
    assert ended.code == 1
    assert f"what answers on 127.0.0.1:{port} is no CoreOps runtime" in ended.err


def test_without_a_runtime_live_says_what_to_do(coreops: Callable[..., Any]) -> None:
    ended = coreops("plugins", "list", "--live", "--http-port", "1")
    assert ended.code == 1
    assert "no runtime answers on 127.0.0.1:1" in ended.err
    assert "Traceback" not in ended.err
