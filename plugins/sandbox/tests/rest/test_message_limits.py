"""What Discord refuses in a message, and the errors it gives."""

from __future__ import annotations

import io
import json

import aiohttp
import pytest

OPS = "/channels/1090000000000000202/messages"


def button(custom_id: str = "b", **changes: object) -> dict:
    return {"type": 2, "style": 1, "label": "B", "custom_id": custom_id, **changes}


def row(*components: dict) -> dict:
    return {"type": 1, "components": list(components)}


def select(**changes: object) -> dict:
    options = [{"label": str(n), "value": str(n)} for n in range(3)]
    return {"type": 3, "custom_id": "s", "options": options, **changes}


def embed(**fields: object) -> dict:
    return {"embeds": [fields]}


EMBEDS = ("embeds", 0)
ROW = ("components", 0)
CELL = ("components", 0, "components", 0)
V2 = 1 << 15

BAD = {
    "content of 2001": ({"content": "x" * 2001}, ("content",), "BASE_TYPE_MAX_LENGTH"),
    "content not text": ({"content": {"a": 1}}, ("content",), "STRING_TYPE_CONVERT"),
    "eleven embeds": ({"embeds": [{"title": "t"}] * 11}, ("embeds",), "BASE_TYPE_MAX_LENGTH"),
    "embeds not a list": ({"embeds": "x"}, ("embeds",), "LIST_TYPE_CONVERT"),
    "embed not an object": ({"embeds": ["x"]}, EMBEDS, "MODEL_TYPE_CONVERT"),
    "title of 257": (embed(title="x" * 257), (*EMBEDS, "title"), "BASE_TYPE_MAX_LENGTH"),
    "description of 4097": (embed(description="x" * 4097), (*EMBEDS, "description"), "BASE_TYPE_MAX_LENGTH"),
    "26 fields": (embed(fields=[{"name": "n", "value": "v"}] * 26), (*EMBEDS, "fields"), "BASE_TYPE_MAX_LENGTH"),
    "field name of 257": (
        embed(fields=[{"name": "n" * 257, "value": "v"}]),
        (*EMBEDS, "fields", 0, "name"),
        "BASE_TYPE_BAD_LENGTH",
    ),
    "field value of 1025": (
        embed(fields=[{"name": "n", "value": "v" * 1025}]),
        (*EMBEDS, "fields", 0, "value"),
        "BASE_TYPE_BAD_LENGTH",
    ),
    "field without value": (embed(fields=[{"name": "n"}]), (*EMBEDS, "fields", 0, "value"), "BASE_TYPE_REQUIRED"),
    "footer of 2049": (embed(footer={"text": "x" * 2049}), (*EMBEDS, "footer", "text"), "BASE_TYPE_MAX_LENGTH"),
    "author of 257": (embed(author={"name": "x" * 257}), (*EMBEDS, "author", "name"), "BASE_TYPE_MAX_LENGTH"),
    "color out of range": (embed(title="t", color=1 << 24), (*EMBEDS, "color"), "NUMBER_TYPE_MAX"),
    "color not a number": (embed(title="t", color="red"), (*EMBEDS, "color"), "NUMBER_TYPE_COERCE"),
    "timestamp in words": (embed(title="t", timestamp="soon"), (*EMBEDS, "timestamp"), "DATE_TIME_TYPE_PARSE"),
    "ftp address": (embed(title="t", url="ftp://x.org"), (*EMBEDS, "url"), "URL_TYPE_INVALID_SCHEME"),
    "no address": (embed(title="t", url="nowhere"), (*EMBEDS, "url"), "URL_TYPE_INVALID_URL"),
    "6001 characters in two embeds": (
        {"embeds": [{"description": "x" * 4000}, {"description": "x" * 2001}]},
        ("embeds",),
        "MAX_EMBED_SIZE_EXCEEDED",
    ),
    "six rows": (
        {"content": "x", "components": [row(button(str(n))) for n in range(6)]},
        ("components",),
        "BASE_TYPE_MAX_LENGTH",
    ),
    "six buttons": (
        {"content": "x", "components": [row(*(button(str(n)) for n in range(6)))]},
        (*ROW, "components"),
        "BASE_TYPE_BAD_LENGTH",
    ),
    "an empty row": ({"content": "x", "components": [row()]}, (*ROW, "components"), "BASE_TYPE_BAD_LENGTH"),
    "a button outside a row": ({"content": "x", "components": [button()]}, ROW, "UNION_TYPE_CHOICES"),
    "a text input in a message": ({"content": "x", "components": [row({"type": 4})]}, CELL, "UNION_TYPE_CHOICES"),
    "a select beside a button": (
        {"content": "x", "components": [row(button(), select())]},
        ("components", 0, "components", 1),
        "COMPONENT_LAYOUT_WIDTH_EXCEEDED",
    ),
    "custom id of 101": (
        {"content": "x", "components": [row(button("i" * 101))]},
        (*CELL, "custom_id"),
        "BASE_TYPE_BAD_LENGTH",
    ),
    "custom id twice": (
        {"content": "x", "components": [row(button("a")), row(button("a"))]},
        ("components", 1, "components", 0, "custom_id"),
        "COMPONENT_CUSTOM_ID_DUPLICATED",
    ),
    "label of 81": (
        {"content": "x", "components": [row(button(label="l" * 81))]},
        (*CELL, "label"),
        "BASE_TYPE_MAX_LENGTH",
    ),
    "button without custom id": (
        {"content": "x", "components": [row({"type": 2, "style": 1, "label": "B"})]},
        CELL,
        "BUTTON_COMPONENT_CUSTOM_ID_REQUIRED",
    ),
    "link without address": (
        {"content": "x", "components": [row({"type": 2, "style": 5, "label": "B"})]},
        CELL,
        "BUTTON_COMPONENT_URL_REQUIRED",
    ),
    "button with both": (
        {"content": "x", "components": [row(button(url="https://x.org"))]},
        CELL,
        "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE",
    ),
    "unknown button style": (
        {"content": "x", "components": [row(button(style=9))]},
        (*CELL, "style"),
        "BASE_TYPE_CHOICES",
    ),
    "emoji that is none": (
        {"content": "x", "components": [row(button(emoji={"name": "smile"}))]},
        (*CELL, "emoji", "name"),
        "BUTTON_COMPONENT_INVALID_EMOJI",
    ),
    "26 options": (
        {"content": "x", "components": [row(select(options=[{"label": "l", "value": str(n)} for n in range(26)]))]},
        (*CELL, "options"),
        "BASE_TYPE_BAD_LENGTH",
    ),
    "option value twice": (
        {"content": "x", "components": [row(select(options=[{"label": "l", "value": "v"}] * 2))]},
        (*CELL, "options", 1),
        "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED",
    ),
    "placeholder of 151": (
        {"content": "x", "components": [row(select(placeholder="p" * 151))]},
        (*CELL, "placeholder"),
        "BASE_TYPE_MAX_LENGTH",
    ),
    "more values than options": (
        {"content": "x", "components": [row(select(max_values=4))]},
        (*CELL, "max_values"),
        "NUMBER_TYPE_MAX",
    ),
    "text display without its flag": (
        {"content": "x", "components": [{"type": 10, "content": "t"}]},
        ROW,
        "UNION_TYPE_CHOICES",
    ),
    "content beside layout": (
        {"content": "x", "flags": V2, "components": [{"type": 10, "content": "t"}]},
        ("content",),
        "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
    ),
    "41 layout components": (
        {"flags": V2, "components": [{"type": 14}] * 41},
        ("components",),
        "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED",
    ),
    "unknown mention type": (
        {"content": "x", "allowed_mentions": {"parse": ["all"]}},
        ("allowed_mentions", "parse", 0),
        "BASE_TYPE_CHOICES",
    ),
    "mention type and list": (
        {"content": "x", "allowed_mentions": {"parse": ["users"], "users": ["1"]}},
        ("allowed_mentions",),
        "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
    ),
    "101 users": (
        {"content": "x", "allowed_mentions": {"users": ["1"] * 101}},
        ("allowed_mentions", "users"),
        "BASE_TYPE_MAX_LENGTH",
    ),
    "reply to nothing": (
        {"content": "x", "message_reference": {"message_id": "1"}},
        ("message_reference",),
        "MESSAGE_REFERENCE_UNKNOWN_MESSAGE",
    ),
    "nonce of 26": ({"content": "x", "nonce": "n" * 26}, ("nonce",), "BASE_TYPE_MAX_LENGTH"),
}


@pytest.mark.parametrize("name", BAD)
async def test_a_message_is_refused_with_the_code_at_its_place(http, name):
    body, path, code = BAD[name]
    answer = await http("POST", OPS, body)
    assert (answer.status, answer.code, answer.body["message"]) == (400, 50035, "Invalid Form Body")
    assert answer.error_at(*path) == [code]


GOOD = {
    "content of 2000": {"content": "x" * 2000},
    "white space is not counted": {"content": "x" * 2000 + "   "},
    "6000 characters of embeds": {"embeds": [{"description": "x" * 4000}, {"description": "x" * 2000}]},
    "ten embeds": {"embeds": [{"title": "t"}] * 10},
    "25 fields": embed(fields=[{"name": "n", "value": "v"}] * 25),
    "five rows of five buttons": {
        "content": "x",
        "components": [row(*(button(f"{r}{c}") for c in range(5))) for r in range(5)],
    },
    "unknown fields are ignored": {"content": "x", "whatever": 1},
    "a reply that may miss its target": {
        "content": "x",
        "message_reference": {"message_id": "1", "fail_if_not_exists": False},
    },
}


@pytest.mark.parametrize("name", GOOD)
async def test_a_message_at_its_limits_is_accepted(http, name):
    assert (await http("POST", OPS, GOOD[name])).status == 200


async def test_all_problems_are_listed_at_once(http):
    answer = await http("POST", OPS, {"content": "x" * 2001, "embeds": [{"title": "t" * 257, "color": -1}]})
    assert answer.error_at("content") == ["BASE_TYPE_MAX_LENGTH"]
    assert answer.error_at("embeds", 0, "title") == ["BASE_TYPE_MAX_LENGTH"]
    assert answer.error_at("embeds", 0, "color") == ["NUMBER_TYPE_MIN"]


@pytest.mark.parametrize("body", [{}, {"content": ""}, {"content": "  \n"}, {"embeds": [{}]}, {"content": None}])
async def test_an_empty_message_is_50006(http, body):
    answer = await http("POST", OPS, body)
    assert (answer.status, answer.code) == (400, 50006)


async def test_an_edit_that_leaves_nothing_is_50006(http):
    sent = (await http("POST", OPS, {"content": "x"})).body
    assert (await http("PATCH", f"{OPS}/{sent['id']}", {"content": ""})).code == 50006


async def test_broken_json_is_50109_and_another_type_is_an_invalid_form(http):
    broken = await http("POST", OPS, data=b"{", headers={"Content-Type": "application/json"})
    assert (broken.status, broken.code) == (400, 50109)
    text = await http("POST", OPS, data=b"hello", headers={"Content-Type": "text/plain"})
    assert text.code == 50035
    assert "Content-Type" in text.body["errors"]["_misc"][0]


async def test_a_file_over_the_limit_is_413_with_40005(http):
    form = aiohttp.FormData()
    form.add_field("payload_json", json.dumps({"content": "big"}), content_type="application/json")
    form.add_field("files[0]", io.BytesIO(b"x" * (10 * 1024 * 1024 + 1)), filename="big.bin")
    answer = await http("POST", OPS, data=form)
    assert (answer.status, answer.code) == (413, 40005)


async def test_multipart_files_take_name_and_description_from_attachments(http):
    form = aiohttp.FormData()
    about = {"attachments": [{"id": 0, "filename": "my report.txt", "description": "numbers"}]}
    form.add_field("payload_json", json.dumps(about), content_type="application/json")
    form.add_field("files[0]", b"1", filename="x.txt")
    attachment = (await http("POST", OPS, data=form)).body["attachments"][0]
    assert (attachment["filename"], attachment["description"], attachment["size"]) == ("my_report.txt", "numbers", 1)


async def test_a_request_over_the_limit_is_413_too(http):
    answer = await http("POST", OPS, data=io.BytesIO(b"x" * (25 * 1024 * 1024 + 1)))
    assert (answer.status, answer.code) == (413, 40005)


async def test_a_form_without_payload_json_is_read_by_its_fields(http):
    form = aiohttp.FormData()
    form.add_field("content", "plain")
    form.add_field("files[0]", b"1", filename="x.txt")
    answer = (await http("POST", OPS, data=form)).body
    assert (answer["content"], answer["attachments"][0]["filename"]) == ("plain", "x.txt")


async def test_null_clears_in_an_edit(http):
    body = {"content": "x", "embeds": [{"title": "t"}], "components": [row(button())]}
    sent = (await http("POST", OPS, body)).body
    edited = (await http("PATCH", f"{OPS}/{sent['id']}", {"embeds": None, "components": None})).body
    assert (edited["content"], edited["embeds"], edited["components"]) == ("x", [], [])
    assert (await http("PATCH", f"{OPS}/{sent['id']}", {"content": None, "attachments": None})).code == 50006


async def test_every_kind_of_layout_component_comes_back_numbered(http):
    text = {"type": 10, "content": "t"}
    picture = {"media": {"url": "https://x.org/a.png"}}
    inner = [
        text,
        {"type": 9, "components": [text], "accessory": {"type": 11, **picture}},
        {"type": 12, "items": [picture]},
        {"type": 14, "spacing": 2},
        row(select()),
    ]
    sent = await http("POST", OPS, {"flags": V2, "components": [{"type": 17, "components": inner}]})
    container = sent.body["components"][0]
    assert [one["type"] for one in container["components"]] == [10, 9, 12, 14, 1]
    ids = [container["id"], *(one["id"] for one in container["components"])]
    assert len(set(ids)) == len(ids)


async def test_messages_written_by_discord_are_not_edited_and_not_replied_to(http):
    sent = (await http("POST", OPS, {"content": "pin me"})).body
    await http("PUT", f"{OPS}/pins/{sent['id']}")
    announced = (await http("GET", OPS)).body[0]
    assert (await http("PATCH", f"{OPS}/{announced['id']}", {"content": "x"})).code == 50021
    reply = {"content": "x", "message_reference": {"message_id": announced["id"]}}
    refused = await http("POST", OPS, reply)
    assert refused.error_at("message_reference") == ["REPLIES_CANNOT_REPLY_TO_SYSTEM_MESSAGE"]


@pytest.mark.parametrize(
    "body", [{"poll": {"question": {"text": "?"}}}, {"message_reference": {"type": 1, "message_id": "1"}}]
)
async def test_what_the_sandbox_does_not_serve_is_not_taken_for_discords_refusal(http, body):
    answer = await http("POST", OPS, body)
    assert (answer.status, answer.code) == (501, 0)
