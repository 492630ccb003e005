"""A German community: the plugins that come along speak German to whoever asks, and in what they post by themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from coreops_hookspecs import PluginInfo, Texts, hookimpl
from coreops_sandbox.chat import Exchange
from coreops_sandbox.world.seed import SEED

MODULES = ("coreops", *(f"coreops_{name}.plugin" for name in ("ops", "placement", "recruitment", "welcome")))
CHANGING = {
    "ops plugins load",
    "ops plugins unload",
    "ops plugins reload",
    "ops plugins quarantine",
    "ops plugins reinstate",
    "ops jobs pause",
    "ops jobs resume",
    "ops jobs run",
    "ops outbox drop",
    "ops outbox replay",
}
"""Commands of ops that change something and do not answer without it; each has its own journey."""
GIVEN = {
    "ops jobs history": "state.backup",
    "ops jobs next": "state.backup",
    "ops refresh": "all --diff",
    "ops reload": "",
    "ops sync": "--plan",
    "ops trace": "1f3a9c02",
    "ops why": f"<@{SEED.user}> ops health",
}
SENTENCE = re.compile(r"[A-Za-z]{2,} [a-z]{2,} [a-z]{2,}")
"""Three words in a row are no name."""
OTHERWISE = ("ops health --history", "ops plugins show recruitment", "ops config LOG_LEVEL", "ops checksheet --debug")
"""What one command says besides."""


@pytest.fixture
async def bot(boot: Any) -> Any:
    return await boot(env={"LANGUAGE": "de"})


@pytest.mark.parametrize(
    ("line", "as_", "said"),
    [
        ("!clan EMB", "user", ["Freie Plätze", "3 von 30", "Sprachen"]),
        ("!clan EMP", "user", ["Ich kenne keinen Clan", "Meintest du `EMB`"]),
        ("!clansearch", "user", ["Clans mit freien Plätzen", "27 von 30 Clans", "22 frei", "Seite 1 von 6"]),
        ("!clanmatch 20", "recruiter", ["Clans zum Vermitteln", "Maren ansprechen"]),
        ("!report recruiters", "lead", ["Bericht für Werber", "keinen früheren Bericht"]),
        ("!reservations TID", "recruiter", ["**1** frei: 1 offen, 0 reserviert"]),
        (f"!reserve TID <@{SEED.user}> 2", "recruiter", ["Reserviert · Tidewardens", "bis 2", "von <@"]),
        (f"!reserve TID <@{SEED.user}> bald", "recruiter", ["`bald` ist kein Tag"]),
        ("!welcome EMB", "recruiter", ["Steht in <#"]),
        ("!welcome-refresh", "staff", ["Begrüßungstexte, 0 Zeilen ausgelassen"]),
    ],
)
async def test_each_command_answers_in_german(bot: Any, line: str, as_: str, said: list[str]) -> None:
    shown = await bot.chat.say(line, as_=as_)
    text = f"{shown.embed.title if shown.replies[0].embeds else ''} {shown.text}"
    assert [each for each in said if each not in text] == []


async def test_what_a_job_posts_is_in_the_operator_s_language(bot: Any) -> None:
    assert (await bot.running.run_job("recruitment.report")).outcome == "ok"
    (posted,) = await bot.chat.messages("recruiters", as_="recruiter")
    assert posted["embeds"][0]["title"] == "Bericht für Werber"


class Marked(dict[str, Any]):
    """A catalogue in which everything is: each text between two marks."""

    def get(self, key: str, default: Any = None) -> Any:
        return f"⟦{key}⟧"


def marking() -> Any:
    """Make a plugin that brings such a catalogue, as a language of its own."""

    @hookimpl
    def coreops_plugin_info() -> PluginInfo:
        return PluginInfo("marking", "1.0")

    @hookimpl
    def coreops_texts() -> list[Texts]:
        return [Texts("xx", Marked())]

    return SimpleNamespace(coreops_plugin_info=coreops_plugin_info, coreops_texts=coreops_texts)


def unmarked(text: str) -> str:
    """Return what of an answer is in no catalogue, without code, links and mentions, which are nobody's words."""
    text = re.sub(r"`[^`]*`|<[^>]*>", "", text)
    while (rest := re.sub(r"⟦[^⟦⟧]*⟧", "", text)) != text:
        text = rest
    return text


def read_only(bot: Any) -> list[str]:
    """Return the commands of ops that only show something, as they are typed."""
    leaves = bot.running.app.discord.room.tree.leaves()
    names = sorted({leaf.name for leaf in leaves if leaf.plugin == "ops"} - CHANGING)
    return [f"{name} {GIVEN.get(name, '')}".strip() for name in names] + list(OTHERWISE)


def english(texts: list[Texts]) -> Iterator[re.Pattern[str]]:
    """Yield the English sentences of the catalogues as patterns, with something in each placeholder."""
    said = {german for one in texts for each in one.messages.values() for german in forms(each)}
    for text in {key for one in texts for key in one.messages} - said:
        apart = re.split(r"\{\w+\}", text)
        if max(len(part.split()) for part in apart) > 1:
            yield re.compile(r"(?<!\w)" + ".+".join(map(re.escape, apart)) + r"(?!\w)")


def forms(german: Any) -> list[str]:
    return [german] if isinstance(german, str) else list(german.values())


def shown(exchange: Exchange) -> list[str]:
    """Return each text of an answer that a reader takes for one: lines, titles, names of fields, buttons."""
    cards = [card for reply in exchange.replies for card in reply.embeds]
    texts = [str(card.title or "") for card in cards] + [field.name for card in cards for field in card.fields]
    return [*texts, *exchange.text.split("\n")]


async def test_no_command_that_only_shows_something_answers_in_english(bot: Any) -> None:
    """What Discord, the operator or an error wrote stays as it is: only texts of a catalogue are looked for."""
    lines = read_only(bot)
    catalogues = [texts for module in MODULES for texts in Texts.load(module)]
    assert len(catalogues) == len(MODULES)
    patterns = list(english(catalogues))
    found = []
    for line in lines:
        for text in shown(await bot.chat.say(f"!{line}", as_="owner")):
            found += [f"{line}: {pattern.pattern} in {text!r}" for pattern in patterns if pattern.search(text)]
    assert not found, "\n".join(found)


async def test_no_command_says_a_sentence_that_is_in_no_catalogue(boot: Any) -> None:
    bot = await boot(env={"LANGUAGE": "xx"}, plugins=["recruitment", "placement", "welcome", marking()])
    found = []
    for line in read_only(bot):
        for text in map(unmarked, shown(await bot.chat.say(f"!{line}", as_="owner"))):
            found += [f"{line}: {text!r}"] if SENTENCE.search(text) else []
    assert not found, "\n".join(found)


async def test_each_reader_of_a_slash_command_gets_their_own_language(boot: Any) -> None:
    bot = await boot()
    assert "serving" in (await bot.chat.slash("ops status", as_="staff")).text
    bot.sandbox.world.locale = "de"
    assert "im Dienst" in (await bot.chat.slash("ops status", as_="staff")).text
