"""What a person does on the chat page, with a real bot behind it."""

from __future__ import annotations

import asyncio

import hikari
import pytest
from playwright.async_api import Page, expect

from coreops_sandbox.chat import Chat
from coreops_sandbox.server import Sandbox

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("bot")]


async def say(page: Page, line: str) -> None:
    await page.get_by_role("combobox", name="Message #ops").fill(line)
    await page.keyboard.press("Enter")


def last(page: Page) -> object:
    return page.locator(".message").last


async def test_what_is_said_appears_with_the_bot_s_answer(page: Page) -> None:
    await say(page, "!echo **hello** there")

    await expect(page.locator(".message")).to_have_count(2)
    await expect(page.locator(".message .author")).to_have_text(["Admin", "CoreOps"])
    await expect(last(page).locator(".bot-tag")).to_have_text("BOT")
    await expect(last(page).locator("strong")).to_have_text("hello")


async def test_shift_enter_breaks_the_line_and_arrow_up_brings_it_back(page: Page) -> None:
    box = page.get_by_role("combobox", name="Message #ops")
    await box.fill("!echo one")
    await box.press("Shift+Enter")
    await box.type("two")
    await box.press("Enter")
    await expect(last(page)).to_contain_text("one\ntwo", use_inner_text=True)

    await expect(box).to_have_value("")
    await box.press("ArrowUp")
    await expect(box).to_have_value("!echo one\ntwo")
    await box.press("ArrowDown")
    await expect(box).to_have_value("")


async def test_an_embed_is_drawn_with_its_colour_fields_side_by_side_and_thumbnail(page: Page) -> None:
    await say(page, "!card")
    embed = page.locator(".embed")

    await expect(embed.locator(".embed-title a")).to_have_attribute("href", "https://example.com/")
    await expect(embed).to_have_css("border-left-color", "rgb(230, 126, 34)")
    await expect(embed.locator(".embed-description strong")).to_have_text("daily")
    await expect(embed.locator(".embed-footer")).to_have_text("clans, read 12 s ago")
    await page.wait_for_function("document.querySelector('img.embed-thumbnail')?.naturalWidth > 0")
    boxes = [await field.bounding_box() for field in await embed.locator(".embed-field").all()]
    tops = [box["y"] for box in boxes if box]
    assert tops[0] == tops[1] == tops[2] < tops[3]


async def test_a_reply_shows_what_it_answers(page: Page) -> None:
    await say(page, "!card")

    await expect(last(page).locator(".message-context")).to_contain_text("!card")


async def test_an_unknown_attachment_is_offered_as_a_file_with_its_size(page: Page) -> None:
    await say(page, "!file")

    await expect(page.locator(".file")).to_contain_text("table.csv")
    await expect(page.locator(".file-size")).to_have_text("8 bytes")


async def test_a_pressed_button_updates_its_message(page: Page) -> None:
    await say(page, "!panel")
    await expect(page.get_by_role("button", name="Locked")).to_be_disabled()
    await expect(page.get_by_role("link", name="Manual")).to_have_attribute("href", "https://example.com/manual")

    await page.get_by_role("button", name="Approve").click()

    await expect(last(page)).to_contain_text("approve by admin")
    await expect(last(page).locator(".edited")).to_have_text("(edited)")


async def test_a_select_is_used_by_keyboard_and_sends_one_choice_at_once(page: Page) -> None:
    await say(page, "!panel")
    menu = page.get_by_role("combobox", name="Choose a boss")
    await menu.press("Enter")
    await menu.press("ArrowDown")
    await menu.press("Enter")

    await expect(last(page)).to_contain_text("boss frost matriarch by admin")


async def test_a_select_of_members_sends_several_when_it_closes(page: Page) -> None:
    await say(page, "!panel")
    menu = page.get_by_role("combobox", name="Pick members")
    await menu.click()
    await page.get_by_role("option", name="Staff").click()
    await page.get_by_role("option", name="Lead", exact=False).click()
    await menu.press("Escape")

    await expect(last(page)).to_contain_text("who 1090000000000000405 1090000000000000404 by admin")


async def test_a_modal_asks_and_its_answer_reaches_the_bot(page: Page) -> None:
    await say(page, "!panel")
    await page.get_by_role("button", name="Rename").click()
    dialog = page.get_by_role("dialog", name="Rename a clan")
    await expect(dialog.get_by_label("New name")).to_be_focused()

    await page.keyboard.type("Emberguard")
    await page.keyboard.press("Enter")

    await expect(dialog).to_have_count(0)
    await expect(last(page)).to_contain_text("Renamed to Emberguard")


async def test_a_slash_command_is_filled_in_by_keyboard_with_live_suggestions(page: Page) -> None:
    box = page.get_by_role("combobox", name="Message #ops")
    await box.type("/cl")
    await expect(page.get_by_role("option", name="/clan Show a clan's card")).to_have_attribute("aria-selected", "true")
    await page.keyboard.press("Tab")
    tag = page.get_by_role("combobox", name="tag: The clan's short tag")
    await expect(tag).to_be_focused()
    await expect(page.get_by_role("option")).to_have_count(4)

    await page.keyboard.type("i")
    await expect(page.get_by_role("option")).to_have_text(["NIT Nightglass", "TID Tidewardens"])
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect(tag).to_have_value("TID Tidewardens")
    await page.get_by_role("button", name="+1 optional").press("Enter")
    await page.keyboard.press("Enter")
    await page.keyboard.type("tr")
    await page.keyboard.press("Enter")
    await page.keyboard.press("Enter")

    await expect(last(page).locator(".message-context")).to_contain_text("Admin used /clan", use_inner_text=True)
    await expect(last(page)).to_contain_text("In detail")
    await expect(last(page).locator(".embed-title")).to_have_text("Tidewardens")
    await box.press("ArrowUp")
    await expect(page.locator(".command-chip")).to_have_text("/clan")


async def test_a_missing_option_is_pointed_at_and_escape_gives_the_text_back(page: Page) -> None:
    await page.get_by_role("combobox", name="Message #ops").type("/clan ")
    await expect(page.get_by_role("option")).to_have_count(4)
    await page.keyboard.press("Escape")
    await page.keyboard.press("Enter")

    await expect(page.locator(".help-error")).to_have_text("tag is required")
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("combobox", name="Message #ops")).to_have_value("/clan")


async def test_an_ephemeral_answer_is_for_its_owner_and_can_be_dismissed(page: Page) -> None:
    await say(page, "/ops secret")
    await expect(last(page)).to_contain_text("Only you can see this")

    await page.get_by_role("button", name="Speaking as Admin; change").click()
    await page.get_by_role("option", name="Staff").click()
    await expect(page.get_by_role("button", name="Speaking as Staff; change")).to_be_visible()
    await expect(page.get_by_text("The word is heron")).to_have_count(0)

    await page.get_by_role("button", name="Speaking as Staff; change").press("Enter")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("The word is heron")).to_be_visible()
    await page.get_by_role("button", name="Dismiss").click()
    await expect(page.get_by_text("The word is heron")).to_have_count(0)


async def test_a_deferred_answer_thinks_first(page: Page, gate: asyncio.Event) -> None:
    await say(page, "/ops slow")
    await expect(last(page)).to_contain_text("CoreOps is thinking…")

    gate.set()

    await expect(last(page)).to_contain_text("Done thinking")
    await expect(page.get_by_text("is thinking…")).to_have_count(0)


async def test_silence_is_told_as_discord_tells_it(page: Page) -> None:
    await say(page, "/ops silent")
    await expect(page.get_by_text("Waiting for the answer to /ops silent …")).to_be_visible()

    await expect(page.get_by_role("alert")).to_contain_text("The application did not respond")


async def test_mentions_are_suggested_and_sent_as_discord_s_markup(page: Page, sandbox: Sandbox) -> None:
    box = page.get_by_role("combobox", name="Message #ops")
    await box.type("hello @sta")
    await expect(page.get_by_role("option", name="Staff")).to_be_visible()
    await box.press("Tab")
    await box.type("in #lo")
    await box.press("Enter")
    await box.press("Enter")

    await expect(last(page).locator(".mention")).to_have_text(["@Staff", "#log"])
    async with Chat(sandbox.url) as chat:
        assert (await chat.messages())[-1]["content"] == "hello <@1090000000000000405> in <#1090000000000000203>"


async def test_a_reply_of_a_person_is_sent_as_one(page: Page, sandbox: Sandbox) -> None:
    await say(page, "first")
    await last(page).hover()
    await last(page).get_by_role("button", name="Reply").click()
    await page.keyboard.type("second")
    await page.keyboard.press("Enter")

    await expect(last(page).locator(".message-context")).to_contain_text("first")
    await expect(page.locator(".reply-bar")).to_be_hidden()


async def test_a_reaction_is_counted(page: Page) -> None:
    await say(page, "nice")
    await last(page).hover()
    await page.get_by_role("button", name="React with 👍").click()

    await expect(page.locator(".reaction")).to_have_text("👍1")


async def test_a_step_of_the_tour_fills_the_input_as_the_right_person_and_is_ticked_off_when_sent(page: Page) -> None:
    tour = page.get_by_role("complementary", name="The tour")
    await expect(tour.get_by_role("listitem")).to_have_count(10)
    await tour.get_by_role("button", name="!ops plugins as user").click()

    await expect(page.get_by_role("button", name="Speaking as User; change")).to_be_visible()
    box = page.get_by_role("combobox", name="Message #general")
    await expect(box).to_have_value("!ops plugins")
    await expect(tour.locator(".done")).to_have_count(0)
    await box.press("Enter")
    await expect(tour.locator(".done")).to_contain_text("!ops plugins")
    await page.reload()
    await expect(tour.locator(".done")).to_have_count(1)

    await page.get_by_role("button", name="Close", exact=True).click()
    await expect(tour).to_be_hidden()


async def test_the_state_of_the_bot_is_shown_and_follows_it(page: Page, bot: hikari.GatewayBot) -> None:
    await expect(page.get_by_role("status")).to_have_text("Bot online")

    await bot.close()

    await expect(page.get_by_role("status")).to_have_text("Bot offline")
    await expect(page.locator("#banner")).to_contain_text("nobody answers until one starts")
