"""Secrets disappear, what operators need stays."""

from __future__ import annotations

import copy
import json
import pickle
import uuid

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coreops_shared import trace
from coreops_shared.redact import MASK, Secret, is_secret_name, redact, suspicious

BOT_TOKEN = "MTA4MjUwMTIzNDU2Nzg5MDEyMw.GaBcDe.abcdefghijklmnopqrstuvwxyz0123456789AB"
KEY = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0\nBAQEFAASCBKc\n-----END PRIVATE KEY-----\n"


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        (f"connecting with {BOT_TOKEN} now", BOT_TOKEN),
        (f"Authorization: Bot {BOT_TOKEN}", BOT_TOKEN),
        ("https://discord.com/api/webhooks/123456789012345678/aB-3_dEfGhIjKlMnOp?wait=true", "aB-3_dEfGhIjKlMnOp"),
        ("POST /api/v10/interactions/123/aW50ZXJhY3Rpb246MTIz/callback", "aW50ZXJhY3Rpb246MTIz"),
        (f"bad key {KEY} in file", "MIIEvQIBADANBgkqhkiG9w0"),
        (json.dumps({"private_key": KEY}), "MIIEvQIBADANBgkqhkiG9w0"),
        (f"cut off {KEY[:60]}", "MIIEvQIBADANBgkqhkiG9w0"),
        ("GET https://x/y?key=AIzaSyA1234567890abcdefghijklmnopqrstuv", "AIzaSyA1234567890abcdefghijklmnopqrstuv"),
        ("token ya29.a0AfH6SMBx-abcdefg_hijklmnop", "ya29.a0AfH6SMBx-abcdefg_hijklmnop"),
        ("refresh 1//0gabcdefghijklmnopqrstuvwx", "1//0gabcdefghijklmnopqrstuvwx"),
        ("client GOCSPX-abcdefghijklmno", "GOCSPX-abcdefghijklmno"),
        ("assertion eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJhYmMifQ.c2lnbmF0dXJl", "eyJpc3MiOiJhYmMifQ"),
        ("Bearer abcdefghijklmnop", "abcdefghijklmnop"),
        ("password=hunter2", "hunter2"),
        ("password: 'two words'", "two words"),
        ('{"http_token": "abc", "port": 1}', "abc"),
        (r"{\"api_key\": \"abc\"}", "abc"),
        ('token="cut off here', "cut"),
        ("COREOPS_HTTP_TOKEN=s3", "s3"),
    ],
)
def test_a_secret_in_a_text_is_removed(text: str, secret: str) -> None:
    cleaned = redact(text)
    assert suspicious(orjson.dumps({"msg": text}).decode())
    assert secret not in cleaned
    assert MASK in cleaned


@pytest.mark.parametrize(
    "text",
    [
        "monkey: banana",
        "trace=4bf92f3577b34da6a3ce929d0e0e4736",
        f"trace {uuid.UUID(int=2**127)}",
        "sheet 1BxiMVs0XRA5nFMdKvBdBZjgmUUqptlbs74OgVE2upms tab clans",
        "guild 1082501234567890123 member 175928847299117063",
        "DISCORD_TOKEN (env): missing, expected the bot's token",
        "bucket=clans rows=12 key C1C duration=0.2",
        "coreops_shared.sheets.async_facade.SheetsFacade.read_many_with_a_long_name",
        "the token was refused; create a new one",
    ],
)
def test_ids_and_ordinary_words_stay(text: str) -> None:
    assert redact(text) == text


@given(st.text())
def test_redacting_twice_changes_nothing_more(text: str) -> None:
    assert redact(redact(text)) == redact(text)


@given(st.from_regex(r"[A-Za-z0-9_-]{12,40}", fullmatch=True), st.sampled_from(["token", "API_KEY", "db_password"]))
def test_an_assigned_secret_never_survives(secret: str, name: str) -> None:
    assert secret not in redact(f"x {name}={secret} y").replace(name, "")


def test_new_trace_ids_are_not_taken_for_secrets() -> None:
    ids = [trace.new() for _ in range(200)]
    assert [redact(f"trace {one}") for one in ids] == [f"trace {one}" for one in ids]


def test_a_long_hostile_text_is_redacted_in_linear_time() -> None:
    text = "token" * 20_000 + "-" * 100_000 + '"' * 10_000
    assert redact(text) == text


@pytest.mark.parametrize("show", [str, repr, "{}".format, "{:>40}".format, "%s".__mod__, lambda s: repr([s])])
def test_a_secret_shows_itself_nowhere(show) -> None:  # type: ignore[no-untyped-def]
    shown = {show(Secret(text)) for text in ("hunter2", "a much longer secret")}
    assert len(shown) == 1
    assert "hunter" not in shown.pop()


def test_a_secret_cannot_be_serialised() -> None:
    secret = Secret("hunter2")
    for dump in (json.dumps, orjson.dumps, pickle.dumps):
        with pytest.raises(TypeError):
            dump(secret)
    assert orjson.dumps(secret, default=str) == b'"***"'
    assert not hasattr(secret, "__dict__")
    assert not hasattr(secret, "__len__")


def test_a_secret_compares_by_its_text_and_is_revealed_on_demand() -> None:
    assert Secret("a") == Secret("a") != Secret("b")
    assert Secret("a") != "a"
    assert len({Secret("a"), Secret("a")}) == 1
    assert copy.deepcopy(Secret("a")).reveal() == "a"
    assert bool(Secret("a"))
    assert not bool(Secret(""))


@pytest.mark.parametrize("name", ["token", "HTTP_TOKEN", "api-key", "client_secret", "GSPREAD_CREDENTIALS"])
def test_a_field_named_like_a_secret_is_one(name: str) -> None:
    assert is_secret_name(name)


@pytest.mark.parametrize("name", ["key", "monkey", "trace", "token_count", "sheet_id"])
def test_other_fields_are_not(name: str) -> None:
    assert not is_secret_name(name)
