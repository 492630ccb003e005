"""Reading the texts again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

PLUGINS = ["recruitment", "welcome"]
HEADERS = "clan_tag,title,text,ping,crest_url,channel\n"


async def test_staff_hear_what_changed_and_which_cells_are_wrong(boot: Any, tmp_path: Path) -> None:
    bot = await boot(plugins=PLUGINS)
    tab = tmp_path / "workbook" / "recruitment" / "welcome_templates.csv"
    tab.write_text(HEADERS + "*,Hello,Hi {member},FALSE,,\nOAK,Oak,Hi {name},TRUE,,\nSUN,Sun,Shine,TRUE,,\n")
    shown = await bot.chat.say("!welcome-refresh", as_="staff")
    assert "2 welcome texts, 1 row left out" in shown.embed.title
    for told in ("`SUN` is new", "`EMB` is gone", "`*`: ", "C3"):
        assert told in shown.text
    assert bot.running.app.tables.cache.status("welcome_templates").last_actor.startswith("user:")
    assert "none" in (await bot.chat.slash("welcome-refresh", as_="staff")).embed.field("Changes")


async def test_a_tab_that_cannot_be_read_leaves_the_texts_as_they_were(boot: Any, tmp_path: Path) -> None:
    bot = await boot(plugins=PLUGINS)
    (tmp_path / "workbook" / "recruitment" / "welcome_templates.csv").unlink()
    shown = await bot.chat.say("!welcome-refresh", as_="staff")
    assert "could not be read" in shown.text
    assert "last good texts go on" in shown.text
    assert "Posted in" in (await bot.chat.say("!welcome EMB", as_="staff")).text


async def test_it_is_for_staff(boot: Any) -> None:
    bot = await boot(plugins=PLUGINS)
    assert "Staff" in (await bot.chat.say("!welcome-refresh", as_="recruiter")).text
