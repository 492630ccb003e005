"""What is wrong with a toggle's cell is told to the operators once, with sheet, cell and value."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

FORMS = {
    "another word": ("recruitment,maybe", '"maybe" in FeatureToggles!B2 is neither TRUE nor FALSE'),
    "a blank": ("recruitment,", "a blank in FeatureToggles!B2 is neither TRUE nor FALSE"),
    "a number": ("recruitment,1", '"1" in FeatureToggles!B2 is neither TRUE nor FALSE'),
    "a row too many": ("recruitment,TRUE\nrecruitment,TRUE", "stands twice: FeatureToggles!B2 and FeatureToggles!B3"),
    "no row": ("", "FeatureToggles of recruitment has no row recruitment; it is off"),
}


async def notices(bot: Any) -> list[str]:
    """Return every line in the channel for notices that speaks of a toggle."""
    texts = [
        f"{embed.get('title') or ''} {embed.get('description') or ''} "
        + " ".join(f"{field['name']} {field['value']}" for field in embed.get("fields", ()))
        for message in await bot.chat.messages("log", as_="admin")
        for embed in message["embeds"]
    ]
    return [text for text in texts if "toggle" in text.lower()]


async def told(bot: Any, what: str) -> None:
    async with asyncio.timeout(20):
        while not any(what in text for text in await notices(bot)):
            await asyncio.sleep(0.1)


@pytest.mark.parametrize("form", FORMS)
async def test_a_malformed_toggle_is_off_and_announced_with_sheet_cell_and_value(boot: Any, form: str) -> None:
    rows, problem = FORMS[form]
    bot = await boot(workbook={"recruitment": {"FeatureToggles": f"feature_name,enabled\n{rows}\n"}})
    await told(bot, problem)
    assert "recruitment" in " ".join(await notices(bot))
    assert "Ember" not in (await bot.chat.say("!clan EMB", channel="general")).text


async def test_a_problem_is_announced_once_however_often_toggles_are_read(boot: Any, tmp_path: Path) -> None:
    bot = await boot(workbook={"recruitment": {"FeatureToggles": "feature_name,enabled\nrecruitment,maybe\n"}})
    await told(bot, '"maybe" in FeatureToggles!B2')
    for _ in range(3):
        await bot.chat.say("!ops reload", as_="admin")
    (tmp_path / "workbook" / "recruitment" / "FeatureToggles.csv").write_text("feature_name,enabled\nrecruitment,no\n")
    await bot.chat.say("!ops reload", as_="admin")
    await told(bot, '"no" in FeatureToggles!B2')
    assert sum(text.count('"maybe"') for text in await notices(bot)) == 1


async def test_toggles_in_any_case_and_order_switch_features(boot: Any) -> None:
    bot = await boot(workbook={"recruitment": {"FeatureToggles": "Enabled , FEATURE_NAME\n true,Recruitment \n"}})
    assert "Ember" in (await bot.chat.say("!clan EMB", channel="general")).text
    assert await notices(bot) == []


@pytest.mark.parametrize(
    ("tab", "rows"), [("FeatureToggles", "feature_name,enabled\nrecruitment,FALSE\n"), ("Config", "KEY,VALUE\nA,B\n")]
)
async def test_an_edited_worksheet_is_told_with_what_to_type_and_holds_once_that_was_typed(
    boot: Any, tmp_path: Path, tab: str, rows: str
) -> None:
    bot = await boot()

    async def edit_told() -> bool:
        embeds = [embed for message in await bot.chat.messages("log", as_="admin") for embed in message["embeds"]]
        texts = [str(embed) for embed in embeds]
        return any(tab in text and "ops reload takes it over" in text for text in texts)

    assert not await edit_told()
    (tmp_path / "workbook" / "recruitment" / f"{tab}.csv").write_text(rows)
    async with asyncio.timeout(20):
        while not await edit_told():
            await asyncio.sleep(0.1)
    assert "Ember" in (await bot.chat.say("!clan EMB", channel="general")).text
    card = (await bot.chat.say("!ops reload", as_="admin")).text
    assert ("recruitment" in card) == (tab == "FeatureToggles")
    assert ("Ember" in (await bot.chat.say("!clan EMB", channel="general")).text) == (tab == "Config")
