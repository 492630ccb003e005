"""English is written where it is said; other languages are looked up, and what is missing is said in English."""

from __future__ import annotations

import asyncio

import pytest

from coreops_hookspecs import Texts
from coreops_hookspecs.errors import DeclarationError
from coreops_hookspecs.texts import _read
from coreops_shared.texts import ENGLISH, Catalogue, Speaker, addressing, plural_form, say, say_many, speaking

GERMAN = Texts(
    "de",
    {"Hello {name}": "Hallo {name}", "{count} rows": {"one": "{count} Zeile", "other": "{count} Zeilen"}},
    {"help": "hilfe"},
)


def test_a_text_is_said_in_the_language_of_whoever_is_spoken_to() -> None:
    catalogue = Catalogue([GERMAN])
    with speaking(Speaker(catalogue, "de")):
        assert say("Hello {name}", name="{0}") == "Hallo {0}"
        assert say("Bye {name}", name="Ada") == "Bye Ada"
    with speaking(Speaker(catalogue, "en")):
        assert say("Hello {name}", name="Ada") == "Hello Ada"
    assert say("Hello {name}", name="Ada") == "Hello Ada"


@pytest.mark.parametrize(("count", "german", "english"), [(0, "0 Zeilen", "0 rows"), (1, "1 Zeile", "1 row")])
def test_a_number_of_things_is_said_by_the_rule_of_the_language(count: int, german: str, english: str) -> None:
    assert say_many("{count} row", "{count} rows", count) == english
    with speaking(Speaker(Catalogue([GERMAN]), "de")):
        assert say_many("{count} row", "{count} rows", count) == german
        assert say_many("{count} cat", "{count} cats", 1) == "1 cat"


def test_languages_count_in_their_own_ways() -> None:
    assert [plural_form("fr", count) for count in (0, 1, 2)] == ["one", "one", "other"]
    assert [plural_form("de", count) for count in (0, 1, 2)] == ["other", "one", "other"]


async def test_a_task_speaks_as_whoever_began_it() -> None:
    async def work() -> str:
        return say("Hello {name}", name="Ada")

    with speaking(Speaker(Catalogue([GERMAN]), "de")):
        task = asyncio.create_task(work())
    assert await task == "Hallo Ada"


def test_a_plugins_own_text_goes_before_that_of_others_and_leaves_with_it() -> None:
    catalogue = Catalogue()
    catalogue.add("other", Texts("de", {"Clans": "Klans"}))
    remove = catalogue.add("mine", Texts("de", {"Clans": "Sippen"}))
    assert Speaker(catalogue, "de", "mine").say("Clans") == "Sippen"
    assert catalogue.held_by("mine") == ("de",)
    remove()
    assert Speaker(catalogue, "de", "mine").say("Clans") == "Klans"
    assert catalogue.held_by("mine") == ()


@pytest.mark.parametrize(("locale", "language"), [("de", "de"), ("en-GB", "en"), ("fr", "en"), ("", "en")])
def test_a_locale_without_a_catalogue_is_english(locale: str, language: str) -> None:
    assert Catalogue([GERMAN]).language_of(locale) == language


@pytest.mark.parametrize(("text", "problem"), [("a = ", "is no TOML"), ("[message]\n", "unknown tables message")])
def test_a_catalogue_that_cannot_be_read_is_named(text: str, problem: str) -> None:
    with pytest.raises(DeclarationError, match=problem):
        _read("de.toml", text)


def test_a_module_without_catalogues_has_none() -> None:
    assert Texts.load("coreops_shared.texts") == []


def test_the_language_is_asked_for_once_and_only_when_something_is_said() -> None:
    asked: list[str] = []

    def language() -> str:
        asked.append("which")
        return "de"

    with speaking(Speaker(Catalogue([GERMAN]), language)):
        assert asked == []
        assert [say("Hello {name}", name=name) for name in ("Ada", "Bob")] == ["Hallo Ada", "Hallo Bob"]
    assert asked == ["which"]


def test_placeholders_may_have_any_name() -> None:
    assert say("{text} of {one}", text="a", one="b") == "a of b"
    assert say_many("{one} {other}", "{one} {other}s", 2, one="a", other="b") == "a bs"


def test_where_nobody_is_spoken_to_everybody_is() -> None:
    german = Speaker(Catalogue([Texts("de", {"yes": "ja"})]), "de")
    english = Speaker(Catalogue(), ENGLISH)
    with addressing(lambda: german):
        assert say("yes") == "ja"
    with speaking(english), addressing(lambda: german):
        assert say("yes") == "yes"
    assert say("yes") == "yes"
