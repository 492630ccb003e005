"""``ops reload`` on a running bot."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest

from coreops_hookspecs import PluginInfo, Setting, hookimpl


@pytest.fixture
def seen() -> list[Any]:
    return []


@pytest.fixture
def demo(seen: list[Any]) -> Any:
    """A plugin with settings that keeps what its hooks are told."""

    @hookimpl
    def coreops_plugin_info() -> PluginInfo:
        return PluginInfo("demo", "2.0")

    @hookimpl
    def coreops_settings() -> list[Setting]:
        return [Setting("DEMO_LIMIT", int, default=3), Setting("DEMO_KEY", str, default="", secret=True)]

    @hookimpl
    async def coreops_reloaded(ctx: Any, diff: Any) -> None:
        seen.append((diff.changed, ctx.config.get("DEMO_LIMIT")))

    @hookimpl
    async def coreops_toggle_changed(ctx: Any, name: str, enabled: bool) -> None:
        seen.append((name, enabled))

    return SimpleNamespace(**{key: value for key, value in locals().items() if key.startswith("coreops_")})


@pytest.fixture
async def bot(boot: Any, recruitment: Any, book: Any, demo: Any) -> Any:
    return await boot(plugins=[recruitment, demo], workbook=book)


async def test_nothing_new_is_told_as_nothing_new(bot: Any) -> None:
    card = (await bot.chat.slash("ops reload", as_="admin")).embed
    assert card.title == "Reload · done"
    assert card.description.startswith("Everything was read again; nothing changed.")
    assert "by <@" in card.description


async def test_exactly_what_changed_is_told_and_the_plugins_are(bot: Any, tab: Any, seen: list[Any]) -> None:
    tab("Config", "KEY,VALUE", "DEMO_LIMIT,5", "DEMO_KEY,hunter2", "NOBODYS,1", "BUCKET_CLANS_TTL,15 min")
    tab("FeatureToggles", "feature_name,enabled", "recruitment,FALSE")
    seen.clear()
    exchange = await bot.chat.say("!ops reload", as_="admin")
    card = exchange.embed
    assert card.title == "Reload · done"
    settings = card.field("Settings").splitlines()
    assert "`DEMO_LIMIT` `3` → `5` · sheet:recruitment!Config!B2" in settings
    assert "`DEMO_KEY` changed (withheld) · sheet:recruitment!Config!B3" in settings
    assert card.field("Keys that no plugin declares") == "`NOBODYS` added"
    assert card.field("Tables") == "**clans** ttl `3 h` → `15 min`"
    assert card.field("Toggles") == "⚪ **recruitment** is off now: `FALSE in FeatureToggles!B2`"
    assert "hunter2" not in exchange.text
    assert seen == [(("BUCKET_CLANS_TTL", "DEMO_KEY", "DEMO_LIMIT"), 5), ("recruitment", False)]
    assert "ttl 15 min" in (await bot.chat.say("!ops refresh", as_="staff")).text
    assert "off" in (await bot.chat.say("!clan EMB")).text.lower()


async def test_with_a_problem_everything_stays_as_it_was_and_all_problems_are_told(bot: Any, tab: Any) -> None:
    tab("Config", "KEY,VALUE", "DEMO_LIMIT,many", "BUCKET_CLANS_TTL,soon", "BUCKET_CLANS_CRON,0 6 * * *")
    card = (await bot.chat.say("!ops reload", as_="admin")).embed
    assert card.title == "Reload · kept as it was"
    problems = card.field("Problems")
    assert 'DEMO_LIMIT (sheet:recruitment!Config!B2): "many" is not a whole number' in problems
    assert 'BUCKET_CLANS_TTL (sheet:recruitment!Config!B3): "soon" is not a length of time' in problems
    assert "ttl 3 h" in (await bot.chat.say("!ops refresh", as_="staff")).text


async def test_another_tab_is_read_at_once(bot: Any, tab: Any, clans: Any) -> None:
    tab("clans2", *clans)
    tab("Config", "KEY,VALUE", "BUCKET_CLANS_TAB,clans2")
    card = (await bot.chat.say("!ops reload", as_="admin")).embed
    assert card.field("Tables") == "**clans** tab `clans` → `clans2` · being read now"
    assert "2 rows" in (await bot.chat.say("!ops refresh", as_="staff")).text
    assert "First" in (await bot.chat.say("!clan AAA")).text


@pytest.mark.parametrize("said", ["!ops reload", "!ops reload --reboot"])
async def test_it_is_for_admins(bot: Any, said: str) -> None:
    for person in ("staff", "user", "administrator"):
        assert "Admins only." in (await bot.chat.say(said, as_=person)).text
    assert not bot.running.app.ended.done()


async def test_an_unknown_flag_is_named(bot: Any) -> None:
    assert "--rebot" in (await bot.chat.say("!ops reload --rebot", as_="admin")).text


async def test_a_restart_is_announced_noted_and_begun(bot: Any) -> None:
    card = (await bot.chat.say("!ops reload --reboot", as_="admin")).embed
    assert card.title == "Restarting · I report back here"
    assert await bot.running.app.ended is True
    note = json.loads((bot.state_dir / "reboot.json").read_text())
    assert note["actor"].startswith("user:")
    assert note["channel_id"]


async def test_a_restart_into_settings_that_cannot_be_used_is_refused(boot: Any, tmp_path: Any) -> None:
    settings = tmp_path / "coreops.toml"
    settings.write_text('log_level = "INFO"\n')
    bot = await boot(env={"COREOPS_CONFIG": str(settings)})
    settings.write_text('log_level = "LOUD"\n')
    card = (await bot.chat.say("!ops reload --reboot", as_="admin")).embed
    assert card.title == "Restart refused"
    assert "log_level" in card.field("Problems")
    assert not bot.running.app.ended.done()
    settings.write_text('log_level = "DEBUG"\n')
    card = (await bot.chat.say("!ops reload", as_="admin")).embed
    assert card.field("Used after a restart") == "`LOG_LEVEL`"
