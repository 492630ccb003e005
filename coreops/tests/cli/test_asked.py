"""``coreops buckets``, ``config`` and ``toggles``: of a running bot, and without one."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import aiohttp
import pytest

from coreops_hookspecs import BucketSpec, Capability, PluginInfo, hookimpl
from coreops_sandbox.launcher import on_google

Coreops = Callable[..., Any]


async def ask(coreops: Coreops, bot: Any, *arguments: str) -> Any:
    port = bot.http_url.rpartition(":")[2]
    ended = await asyncio.to_thread(coreops, *arguments, "--http-port", port)
    assert ended.code == 0, ended.err
    return ended


async def test_buckets_of_a_running_bot(coreops: Coreops, boot: Any) -> None:
    bot = await boot()
    buckets = {bucket["name"]: bucket for bucket in json.loads((await ask(coreops, bot, "buckets", "--json")).out)}
    bucket = buckets["clans"]
    assert (bucket["rows"], bucket["last_actor"]) == (30, "startup")
    assert (bucket["setting"], bucket["max_age"], bucket["cron"]) == ("RECRUITMENT_SHEET_ID", None, "")
    (line,) = [line for line in (await ask(coreops, bot, "buckets")).out.splitlines() if " clans of " in line]
    for cell in ("clans", "fresh", "30", "every 3 h", "clans of RECRUITMENT_SHEET_ID", "ok by startup, 0 retries"):
        assert cell in line


@dataclass(frozen=True)
class Word:
    """A row of each tab of :func:`library`."""

    word: str


def library() -> Any:
    """Return a plugin with two tables of one spreadsheet, so that asking when that changed costs less than reading."""

    @hookimpl
    def coreops_plugin_info() -> PluginInfo:
        return PluginInfo("library", "1.0", needs=frozenset({Capability.SHEETS_READ}))

    @hookimpl
    def coreops_cache_buckets() -> list[Any]:
        ttl = timedelta(seconds=0.5)
        return [BucketSpec(name, "RECRUITMENT_SHEET_ID", name, Word, key="word", ttl=ttl) for name in ("ants", "bees")]

    return SimpleNamespace(coreops_plugin_info=coreops_plugin_info, coreops_cache_buckets=coreops_cache_buckets)


async def test_reads_that_were_spared_are_told_on_every_surface(coreops: Coreops, boot: Any, sandbox: Any) -> None:
    async with aiohttp.ClientSession() as http:
        for tab in ("ants", "bees"):
            async with http.put(
                f"{sandbox.url}/sandbox/sheets/recruitment/{tab}", json={"rows": [["word"], ["a"]]}
            ) as put:
                assert put.status == 200
        bot = await boot(plugins=[library()], env=on_google(sandbox))
        cache = bot.running.app.tables.cache
        async with asyncio.timeout(20):
            while not all(bucket.spared and not bucket.refreshing for bucket in cache.list_buckets()):
                await asyncio.sleep(0.02)
        cache.paused.update({"ants", "bees"})
        async with http.get(bot.http_url, headers={"Accept": "text/html"}) as page:
            html = await page.text()
    times = f"{cache.status('ants').spared} × not read again"
    assert times in html
    for command in ("buckets", "digest"):
        assert f"unchanged, {times}" in (await ask(coreops, bot, command)).out
    for said in ("!ops digest", "!ops refresh"):
        assert times in (await bot.chat.say(said, as_="staff")).text


async def test_buckets_on_google_come_with_the_budget_of_requests(coreops: Coreops, boot: Any, sandbox: Any) -> None:
    bot = await boot(env=on_google(sandbox))
    last = (await ask(coreops, bot, "buckets")).out.splitlines()[-1]
    assert last.endswith("of 60 reads used this minute; next full refresh needs 1")
    assert json.loads((await ask(coreops, bot, "buckets", "--json")).out)[0]["name"]


async def test_settings_of_a_running_bot_without_its_secrets(coreops: Coreops, boot: Any) -> None:
    bot = await boot()
    ended = await ask(coreops, bot, "config", "--json")
    settings = {setting["key"]: setting for setting in json.loads(ended.out)}
    assert settings["DISCORD_TOKEN"]["value"] is None
    assert settings["GUILD_IDS"]["value"] == [int((await bot.chat.state())["guild"]["id"])]
    assert settings["BUCKET_CLANS_TTL"]["plugin"] == "recruitment"
    table = await ask(coreops, bot, "config", "discord_token")
    assert "set (withheld)" in table.out
    assert bot.sandbox.token not in ended.out + table.out


async def test_toggles_of_a_running_bot(coreops: Coreops, boot: Any) -> None:
    bot = await boot()
    toggles = {toggle["name"]: toggle for toggle in json.loads((await ask(coreops, bot, "toggles", "--json")).out)}
    assert (toggles["recruitment"]["enabled"], toggles["recruitment"]["source"]) == (True, "FeatureToggles!B2")
    assert "on" in (await ask(coreops, bot, "toggles")).out.splitlines()[-1]


@pytest.mark.parametrize("name", ["buckets", "config", "digest", "health", "toggles"])
def test_without_a_running_bot_it_says_what_to_do(coreops: Coreops, name: str) -> None:
    ended = coreops(name, "--http-port", "1")
    assert (ended.code, ended.out) == (1, "")
    assert "no runtime answers on 127.0.0.1:1" in ended.err
    assert "Traceback" not in ended.err


def test_buckets_can_be_listed_as_declared_and_tuned_here(coreops: Coreops, serving: dict[str, str]) -> None:
    env = serving | {"BUCKET_CLANS_TTL": "20 min"}
    buckets = {one["name"]: one for one in json.loads(coreops("buckets", "--offline", "--json", env=env).out)}
    assert buckets["clans"] == {
        "name": "clans",
        "plugin": "recruitment",
        "setting": "RECRUITMENT_SHEET_ID",
        "tab": "clans",
        "ttl": 1200.0,
        "max_age": None,
        "cron": "",
    }
    assert "every 20 min" in coreops("buckets", "--offline", env=env).out


def test_settings_can_be_shown_as_they_stand_here(coreops: Coreops, serving: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "coreops.toml").write_text('log_level = "DEBUG"\n')
    ended = coreops("config", "log_level", "--offline", "--json", env=serving)
    (setting,) = json.loads(ended.out)
    assert (setting["value"], setting["source"]) == ("DEBUG", "file:coreops.toml")
    assert setting["read_at"]


def test_an_unknown_setting_is_answered_with_the_closest(coreops: Coreops, serving: dict[str, str]) -> None:
    ended = coreops("config", "log_levle", "--offline", env=serving)
    assert ended.code == 1
    assert 'no setting begins with LOG_LEVLE; did you mean "LOG_LEVEL"' in ended.err


def test_settings_that_cannot_be_used_are_all_named(coreops: Coreops) -> None:
    ended = coreops("config", "--offline", env={"LOG_LEVEL": "LOUD"})
    assert ended.code == 2
    assert "LOG_LEVEL" in ended.err
    assert "DISCORD_TOKEN" in ended.err


async def test_health_of_a_running_bot_and_what_changed(coreops: Coreops, boot: Any) -> None:
    bot = await boot(workbook={"recruitment": {"clans": "clan_tag,clan_name,level\nAAA,First,many\n"}})
    shown = (await ask(coreops, bot, "health")).out.splitlines()
    assert shown[0].startswith("CoreOps degraded · ready · up ")
    told = "\n".join(shown)
    assert "DOWN  bucket clans has no data" in told
    assert "in Discord: ops refresh clans" in told
    report = json.loads((await ask(coreops, bot, "health", "--json")).out)
    assert "bucket clans has no data" in [concern["what"] for concern in report["concerns"]]
    changes = json.loads((await ask(coreops, bot, "health", "--history", "--json")).out)
    assert changes == report["changes"]


async def test_the_digest_of_a_running_bot(coreops: Coreops, boot: Any) -> None:
    bot = await boot()
    await bot.chat.say("!ops ping", as_="user")
    digest = json.loads((await ask(coreops, bot, "digest", "--json")).out)
    day = {(each["kind"], each["name"]): each for each in digest["day"]}
    assert day["command", "ops ping"]["count"] == 1
    assert day["bucket", "clans"]["failures"] == 0
    assert [(budget["kind"], budget["days"]) for budget in digest["budgets"]] == [("command", 30), ("bucket", 30)]
    told = (await ask(coreops, bot, "digest")).out
    for part in ("nothing needs attention", "clans", "startup", "ops ping", "error budget of commands: 0 of 1 failed"):
        assert part in told
