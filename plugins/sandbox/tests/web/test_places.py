"""The page itself: places, looks, sizes, and what it shows when something is missing."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, Route, expect

from coreops_sandbox.chat import Chat
from coreops_sandbox.server import Sandbox
from coreops_sandbox.world import posting
from coreops_sandbox.world.channels import Overwrite
from coreops_sandbox.world.messages import Draft
from coreops_sandbox.world.seed import SEED

pytestmark = pytest.mark.browser

LONG = "x" * 400 + "\n```\n" + "y" * 400 + "\n```\n# " + "z" * 300


async def luminance(page: Page) -> float:
    colour = await page.evaluate("getComputedStyle(document.body).backgroundColor")
    return sum(float(part) for part in colour[4:-1].split(",")) / 3


async def test_an_empty_channel_offers_a_first_line(page: Page) -> None:
    await expect(page.get_by_role("heading", name="Welcome to #ops")).to_be_visible()

    await page.locator(".start-line").click()

    await expect(page.get_by_role("combobox", name="Message #ops")).to_have_value("!ops help")


async def test_channels_are_opened_and_new_messages_elsewhere_are_marked(page: Page, sandbox: Sandbox) -> None:
    async with Chat(sandbox.url, timeout=0.1) as chat:
        await chat.say("over here", as_="staff", channel="general")
    await expect(page.get_by_role("button", name="general (new messages)")).to_be_visible()

    await page.get_by_role("button", name="general (new messages)").click()

    await expect(page.locator(".message")).to_contain_text("over here")
    await expect(page.get_by_role("button", name="general", exact=True)).to_have_attribute("aria-current", "page")
    assert page.url.endswith("#channel=general&as=admin")


async def test_the_address_says_where_and_as_whom(open_page, sandbox: Sandbox) -> None:
    page = await open_page("#channel=recruiters&as=lead")

    await expect(page.get_by_role("button", name="Speaking as Lead; change")).to_be_visible()
    await expect(page.get_by_role("combobox", name="Message #recruiters")).to_be_focused()


async def test_the_page_follows_the_system_s_dark_and_light(open_page) -> None:
    assert await luminance(await open_page(color_scheme="light")) > 230
    assert await luminance(await open_page(color_scheme="dark")) < 60


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
async def test_nothing_is_wider_than_the_window(open_page, sandbox: Sandbox, width: int) -> None:
    async with Chat(sandbox.url, timeout=0.1) as chat:
        await chat.say(LONG, as_="staff", channel="ops")

    page = await open_page(viewport={"width": width, "height": 720})
    await expect(page.locator(".message")).to_have_count(1)

    assert await page.evaluate("document.documentElement.scrollWidth") <= width
    for element in ("#app", "#main", ".scroller", ".message", ".composer-box"):
        box = await page.locator(element).bounding_box()
        assert box is not None
        assert box["x"] + box["width"] <= width, element
    assert await page.evaluate("(e => e.scrollWidth <= e.clientWidth)(document.querySelector('.scroller'))")


async def test_on_a_phone_the_channels_open_as_a_drawer(open_page) -> None:
    page = await open_page(viewport={"width": 390, "height": 780}, has_touch=True)
    await expect(page.get_by_role("button", name="general")).to_be_hidden()

    await page.get_by_role("button", name="Channels").click()
    await page.get_by_role("button", name="general").click()

    await expect(page.get_by_role("combobox", name="Message #general")).to_be_visible()
    await expect(page.get_by_role("button", name="recruiters")).to_be_hidden()


async def test_a_picture_from_outside_is_a_labelled_tile_and_is_never_asked_for(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    await page.evaluate("""async () => {
      const { embed } = await import('/static/js/embeds.js');
      document.querySelector('.log').append(embed({ image: { url: 'https://example.com/a.png' } }, null));
    }""")

    await expect(page.get_by_role("img", name="Image: the sandbox loads no pictures from outside")).to_be_visible()
    assert not [url for url in asked if "example.com" in url]


async def test_a_sandbox_that_went_away_is_said_and_found_again(page: Page, sandbox: Sandbox) -> None:
    port = int(sandbox.url.rpartition(":")[2])
    await sandbox.stop()
    await expect(page.get_by_role("status")).to_have_text("Sandbox unreachable")

    again = Sandbox()
    await again.start(port=port)
    try:
        await expect(page.get_by_role("status")).to_have_text("Bot offline")
        async with Chat(again.url, timeout=0.1) as chat:
            await chat.say("back", as_="staff")
        await expect(page.locator(".message")).to_contain_text("back")
    finally:
        await again.stop()


async def test_a_channel_that_a_person_may_not_see_is_not_listed_for_them(open_page, sandbox: Sandbox) -> None:
    channel = next(one for one in sandbox.world.channels() if one.name == "log")
    channel.overwrites = {
        sandbox.world.home.id: Overwrite(sandbox.world.home.id, 0, deny=1 << 10),
        SEED.staff_role: Overwrite(SEED.staff_role, 0, allow=1 << 10),
    }

    page = await open_page("#channel=log&as=user")
    await expect(page.get_by_role("button", name="log", exact=True)).to_have_count(0)
    await expect(page.get_by_role("button", name="general", exact=True)).to_have_attribute("aria-current", "page")

    await page.get_by_role("button", name="Speaking as User; change").click()
    await page.get_by_role("option", name="Staff").click()
    await expect(page.get_by_role("button", name="log", exact=True)).to_be_visible()


async def test_direct_messages_of_the_bot_have_a_place(page: Page, sandbox: Sandbox) -> None:
    world = sandbox.world
    channel = world.direct_channel(world.users[SEED.admin])
    posting.post(world, channel, world.bot_user, Draft(content="psst"))

    await page.get_by_role("button", name="coreops (new messages)").click()

    await expect(page.locator(".message")).to_contain_text("psst")


async def test_what_cannot_be_read_says_so_with_a_way_on(page: Page) -> None:
    answer = {"status": 500, "content_type": "application/json", "body": '{"error": "the shelf fell over"}'}

    async def refuse(route: Route) -> None:
        await route.fulfill(**answer)

    await page.route("**/sandbox/messages*", refuse)
    await page.get_by_role("button", name="log").click()
    await expect(page.get_by_role("heading", name="The messages could not be read")).to_be_visible()
    await expect(page.locator(".blank")).to_contain_text("the shelf fell over")

    await page.unroute("**/sandbox/messages*")
    await page.get_by_role("button", name="Try again").click()

    await expect(page.get_by_role("heading", name="Welcome to #log")).to_be_visible()
