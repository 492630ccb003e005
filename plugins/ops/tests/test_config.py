"""``ops config``, ``ops env`` and ``ops toggles`` on a running bot."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from coreops_hookspecs import SettingValue
from coreops_ops.settings import origin, setting_line, shown
from coreops_ops.wording import code, mention, parts, rows, tail

THEN = datetime(2026, 1, 1, tzinfo=UTC)
STAMP = f"<t:{int(THEN.timestamp())}:R>"


async def test_config_lists_settings_by_source_without_secrets(bot: Any) -> None:
    exchange = await bot.chat.say("!ops config", as_="admin")
    card = exchange.embed
    assert "Environment `sandbox` · in 1 server · 1 server allowed · ops channel <#" in card.description
    env = next(field.value for field in card.fields if field.name.startswith("From the environment ("))
    assert "`DISCORD_TOKEN` set (withheld)" in env
    assert "`RECRUITMENT_SHEET_ID` `…ment`" in env
    assert bot.sandbox.token not in exchange.text
    assert "`COREOPS_HTTP_TOKEN` not set" in exchange.text
    assert "BUCKET_CLANS_TTL" not in exchange.text
    assert (await bot.chat.slash("ops config", as_="admin")).ephemeral


async def test_config_shows_one_key_with_its_cell_and_age(bot: Any, tab: Any) -> None:
    tab("Config", "KEY,VALUE", "BUCKET_CLANS_TTL,2 h")
    await bot.chat.say("!ops reload", as_="admin")
    card = (await bot.chat.say("!ops config bucket_clans_ttl", as_="admin")).embed
    assert card.title == "BUCKET_CLANS_TTL"
    assert card.field("Value") == "`2 h`"
    assert card.field("Source").startswith("Config!B2 of …ment, read <t:")
    assert (card.field("Declared by"), card.field("A change is")) == ("recruitment", "used after `!ops reload`")


async def test_config_never_shows_a_secret_in_detail(bot: Any) -> None:
    exchange = await bot.chat.say("!ops config DISCORD_TOKEN", as_="admin")
    assert exchange.embed.field("Value") == "set (withheld)"
    assert bot.sandbox.token not in exchange.text


async def test_config_shows_keys_that_begin_alike_and_suggests_for_unknown_ones(bot: Any) -> None:
    assert "`BUCKET_CLANS_TTL` `3 h`" in (await bot.chat.say("!ops config BUCKET_", as_="admin")).text
    assert "Did you mean `LOG_LEVEL`?" in (await bot.chat.say("!ops config LOG_LEVLE", as_="admin")).text
    choices = await bot.chat.autocomplete("ops config", "key", "log_", as_="admin")
    assert {"LOG_LEVEL", "LOG_CHANNEL_ID", "COREOPS_LOG_FORMAT"} <= {choice.name for choice in choices}
    assert all("log_" in choice.name.lower() for choice in choices)


async def test_config_and_env_are_for_admins_and_toggles_for_staff(bot: Any) -> None:
    for name in ("config", "env"):
        assert "Admins only." in (await bot.chat.say(f"!ops {name}", as_="staff")).text
    assert "Staff only." in (await bot.chat.say("!ops toggles", as_="user")).text


async def test_env_names_what_ids_stand_for(bot: Any) -> None:
    exchange = await bot.chat.slash("ops env", as_="admin")
    card = exchange.embed
    assert exchange.ephemeral
    assert card.description == "Every id that is set stands for something."
    assert card.field("Environment") == "sandbox"
    assert card.field("Roles").startswith("admin: `admin` `")
    assert card.field("Channels").startswith("`LOG_CHANNEL_ID` <#")
    assert "`RECRUITMENT_SHEET_ID` `…ment`: clans from `clans`" in card.field("Spreadsheets")
    assert card.field("Feature toggles") == "🟢 recruitment"
    assert "`DISCORD_TOKEN` set (withheld)" in card.field("Secrets").splitlines()
    assert bot.sandbox.token not in exchange.text


async def test_env_warns_of_ids_that_stand_for_nothing(boot: Any) -> None:
    bot = await boot(env={"STAFF_ROLE_IDS": "12345", "LOG_CHANNEL_ID": "54321"})
    card = (await bot.chat.say("!ops env", as_="admin")).embed
    assert "⚠️ STAFF_ROLE_IDS names `12345`, which is no role" in card.description
    assert "⚠️ LOG_CHANNEL_ID names `54321`, which is no channel that the bot sees" in card.description


async def test_toggles_show_the_cell_that_decides(bot: Any) -> None:
    card = (await bot.chat.say("!ops toggles", as_="staff")).embed
    assert card.title == "Feature toggles · 1 of 1 on"
    line = "🟢 **recruitment** is on: `TRUE in FeatureToggles!B2` · Clan cards for members"
    assert card.field("Toggles") == line


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        (("recruitment,YES",), '"YES" in FeatureToggles!B2 is neither TRUE nor FALSE'),
        (("recruitment,TRUE", "recruitment,TRUE"), "stands twice: FeatureToggles!B2 and FeatureToggles!B3"),
        ((), "no row in FeatureToggles"),
    ],
)
async def test_a_malformed_toggle_is_off_and_says_which_cell(bot: Any, tab: Any, rows: Any, reason: str) -> None:
    tab("FeatureToggles", "feature_name,enabled", *rows)
    reloaded = (await bot.chat.say("!ops reload", as_="admin")).embed
    assert reason.partition(" in ")[0] in reloaded.field("Problems of the toggles") or not rows
    card = (await bot.chat.say("!ops toggles", as_="staff")).embed
    assert card.field("Toggles").startswith(f"⚠️ **recruitment** is off: `{reason}`")


def test_settings_in_words(reader: Any) -> None:
    sheet = SettingValue("LIMIT", 5, "sheet:0123456789!Config!B2", read_at=THEN)
    assert origin(sheet, reader()) == f"Config!B2 of …6789, read {STAMP}"
    assert setting_line(sheet, reader()) == "`LIMIT` `5` · sheet"
    assert origin(SettingValue("LIMIT", 5, "default"), reader()) == "default"
    assert shown(SettingValue("IDS", frozenset({2, 1}), "env"), reader()) == "`1, 2`"
    assert shown(SettingValue("IDS", frozenset(), "env"), reader()) == "none"
    assert shown(SettingValue("NAME", None, "default"), reader()) == "not set"
    assert shown(SettingValue("KEY", None, "env", secret=True), reader()) == "set (withheld)"


def test_words_keep_their_form_whatever_is_put_in(reader: Any) -> None:
    assert code("a `b`\n@everyone") == "`a 'b' @everyone`"
    assert code("x" * 70) == f"`{'x' * 59}…`"
    assert code("") == "—"
    assert (rows(1, reader()), rows(2, reader())) == ("1 row", "2 rows")
    assert (mention("user:7"), mention("cron")) == ("<@7>", "cron")
    assert (tail("0123456789", reader()), tail("", reader())) == ("…6789", "not set")


def test_a_name_without_lines_is_no_part_of_an_answer() -> None:
    assert [(field.name, field.text) for field in parts({"Keys": ["a", "b"], "Tabs": []})] == [("Keys", ["a", "b"])]
