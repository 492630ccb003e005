"""The plugin as people meet it, on a Discord and a spreadsheet of its own."""

from __future__ import annotations

from coreops_sandbox.contract import contract
from coreops_sandbox.pytest_plugin import Boot

from coreops_tavern import plugin

SETTINGS = {
    "TAVERN_SHEET_ID": "book",
    "CONFIG_SHEET_ID": "book",
}
WORKBOOK = {
    "book": {
        "tavern": "key,text\nfirst,The first entry\n",
        "FeatureToggles": "feature_name,enabled\ntavern,TRUE\n",
    }
}

test_contract = contract(plugin, env=SETTINGS, workbook=WORKBOOK)


async def test_an_entry_is_shown_on_both_surfaces(boot: Boot) -> None:
    bot = await boot(plugins=[plugin], env=SETTINGS, workbook=WORKBOOK)

    said = await bot.chat.say("!tavern first")
    asked = await bot.chat.slash("tavern", options={"key": "first"})

    assert said.text == asked.text == "The first entry"


async def test_an_unknown_key_is_answered_with_a_reason(boot: Boot) -> None:
    bot = await boot(plugins=[plugin], env=SETTINGS, workbook=WORKBOOK)

    assert "no entry" in (await bot.chat.say("!tavern nothing")).text
