"""The clan searches offer nobody a place that is held for somebody else."""

from __future__ import annotations

from typing import Any

from coreops_sandbox.world.seed import SEED

CLANS = "clan_tag,clan_name,level,open_spots,max_members\nONE,Only One,10,1,30\nTWO,Two Left,10,2,30\n"
HEADERS = "reservation_id,clan_tag,member_id,until,status,member_name,by,created_at,note\n"


def tabs(placement: str = "TRUE") -> dict[str, dict[str, str]]:
    toggles = f"feature_name,enabled\nrecruitment,TRUE\nplacement,{placement}\n"
    return {"recruitment": {"clans": CLANS, "reservations": HEADERS, "FeatureToggles": toggles}}


async def found(chat: Any) -> list[str]:
    return [field.name for field in (await chat.say("!clansearch")).embed.fields]


async def test_a_place_is_gone_from_the_search_as_soon_as_it_is_reserved(boot: Any) -> None:
    chat = (await boot(plugins=["recruitment", "placement"], workbook=tabs())).chat
    assert [name.partition(" · ")[0] for name in await found(chat)] == ["Two Left [TWO]", "Only One [ONE]"]
    assert "Reserved" in str((await chat.say(f"!reserve one <@{SEED.user}> 2", as_="recruiter")).embed.title)
    await chat.say(f"!reserve two <@{SEED.user}> 2", as_="recruiter")
    (left,) = await found(chat)
    assert left.startswith("Two Left [TWO]")
    assert "1 open" in left


async def test_holds_of_a_feature_that_is_off_are_nobodys(boot: Any) -> None:
    workbook = tabs("FALSE")
    row = f"r1,ONE,{SEED.user},2999-01-01,active,,,,\n"
    workbook["recruitment"]["reservations"] += row
    assert len(await found((await boot(plugins=["recruitment", "placement"], workbook=workbook)).chat)) == 2
