"""A German community: the plugins that come along speak German to whoever asks, and in what they post by themselves."""

from __future__ import annotations

from typing import Any

import pytest

from coreops_sandbox.world.seed import SEED


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
