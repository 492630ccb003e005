"""Threads on the chat page: started, read, closed and opened again, by keyboard and by mouse."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import Page, expect

from coreops_sandbox.chat import Chat
from coreops_sandbox.server import Sandbox

pytestmark = pytest.mark.browser

CLOSED = "Closed · a message opens it again"


@pytest.fixture
async def page(open_page: Any) -> Page:
    page: Page = await open_page("#channel=tickets&as=user")
    return page


async def test_a_thread_is_started_and_closed_by_keyboard(page: Page, sandbox: Sandbox) -> None:
    await page.keyboard.type("/thread")
    await page.keyboard.press("Tab")
    await page.keyboard.type("I look for a clan")
    await page.keyboard.press("Enter")

    await expect(page.locator("#channel-name")).to_have_text("I look for a clan")
    await expect(page.get_by_role("combobox", name="Message I look for a clan")).to_be_focused()
    await page.keyboard.type("anybody there?")
    await page.keyboard.press("Enter")
    await expect(page.locator(".message")).to_contain_text("anybody there?")

    await page.get_by_role("button", name="Close this thread").focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_text(CLOSED)).to_be_visible()
    (thread,) = sandbox.world.home.threads
    assert thread.thread is not None
    assert thread.thread.archived


async def test_a_thread_is_started_opened_and_closed_by_mouse(page: Page) -> None:
    await page.get_by_role("button", name="Start a thread").click()
    await page.get_by_role("combobox", name="name: What it is about").fill("by mouse")
    await page.get_by_role("button", name="Send").click()
    await expect(page.locator("#topic")).to_have_text("in #tickets")

    await page.get_by_role("button", name="tickets", exact=True).click()
    await page.locator(".message.system").get_by_role("button", name="by mouse").click()
    await expect(page.locator("#channel-name")).to_have_text("by mouse")

    await page.get_by_role("button", name="Close this thread").click()
    await expect(page.get_by_text(CLOSED)).to_be_visible()
    await page.get_by_role("button", name="tickets", exact=True).click()
    await expect(page.locator("#channels").get_by_role("button", name="by mouse")).to_have_count(0)


async def test_threads_of_one_name_are_two_and_a_message_opens_a_closed_one_again(page: Page, sandbox: Sandbox) -> None:
    async with Chat(sandbox.url, timeout=0.1) as chat:
        first, _ = [await chat.open_thread("the same", as_="user", channel="tickets") for _ in range(2)]
        await chat.close_thread(first, as_="user")
        listed = page.locator("#channels").get_by_role("button", name="the same")
        await expect(listed).to_have_count(1)
        await chat.say("once more", as_="user", channel=first)
        await expect(listed).to_have_count(2)


async def test_who_may_not_close_a_thread_is_told(open_page: Any, sandbox: Sandbox) -> None:
    async with Chat(sandbox.url, timeout=0.1) as chat:
        thread = await chat.open_thread("of staff", as_="staff", channel="tickets")
    page: Page = await open_page(f"#channel={thread}&as=user")
    await page.get_by_role("button", name="Close this thread").click()
    await expect(page.get_by_role("alert")).to_contain_text("The thread was not closed")
