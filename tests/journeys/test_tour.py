"""The tour of the chat page: each of its ten steps works on what ``make run`` starts."""

from __future__ import annotations

from typing import Any

import pytest

from tools.tour.walk import STEPS, chat_page, take


@pytest.mark.browser
async def test_each_step_is_answered_as_it_says(boot: Any) -> None:
    bot = await boot()
    assert len(STEPS) == 10
    async with chat_page(bot.sandbox.url) as page:
        for step in STEPS:
            await take(page, step)
        assert await page.locator("#help .done").count() == len(STEPS)
