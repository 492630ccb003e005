"""The message of ``clansearch`` and ``clanmatch``: what was found, menus to choose by, buttons to turn pages."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import hikari

from coreops_hookspecs import CardField, Control, Controls, PluginContext, Press
from coreops_recruitment.clans import Clan
from coreops_recruitment.room import with_room
from coreops_recruitment.search import BRACKETS, Filter, Page, choices, digest, search

__all__ = ["MATCH", "SEARCH", "View", "browse_controls", "browse_message"]

Say = Callable[..., str]

ANY: Final = "any"
"""Value of a menu's first choice; a menu's choice needs one (Discord docs, Select Menu)."""

LEASTS: Final = (2, 5)
"""Numbers of open spots that the menu offers beside one and none."""


@dataclass(frozen=True, slots=True)
class View:
    """One of the two commands that show such a message.

    Args:
        command: Its path, and the first part of its controls' names.
        title: Says the heading of the message.
        facts: What the viewer needs to know of a clan; what is empty is left out.
    """

    command: str
    title: Callable[[Say], str]
    facts: Callable[[Clan, Say], Sequence[str]]


def _for_members(clan: Clan, _: Say) -> Sequence[str]:
    return clan.boss, clan.mode, clan.description


def _for_recruiters(clan: Clan, say: Say) -> Sequence[str]:
    return clan.boss, clan.mode, clan.requirements, say("ask {leader}", leader=clan.leader) if clan.leader else ""


SEARCH: Final = View("clansearch", lambda say: say("Clans with room"), _for_members)
MATCH: Final = View("clanmatch", lambda say: say("Clans for a recruit"), _for_recruiters)


async def browse_message(view: View, wanted: Filter, ctx: PluginContext) -> dict[str, Any]:
    """Return the message of a filter, as it is sent and as a press changes it.

    Raises:
        BucketColdError: the clan list was never read.
    """
    rows, commands, say = await with_room(ctx), ctx.commands, ctx.commands.say
    known = _known(rows, say)
    wanted = _that_exist(wanted, known)
    page = search(rows, wanted)
    text = [
        say("{found} of {count} clans", found=page.found, count=len(rows)),
        *ctx.cache.status("clans").age_note(say=say),
    ]
    fields = [CardField(_heading(clan, say), _line(view, clan, say)) for clan in page.clans]
    if not fields:
        text.append(say("No clan fits all of this; choose “any” in a menu."))
    if page.pages > 1:
        text.append("-# " + say("page {number} of {count}", number=page.number + 1, count=page.pages))
    return {
        "embed": commands.card(view.title(say), text, fields=fields),
        "components": [*_menus(view, wanted, known, ctx.controls, say), *_pages(view, wanted, page, ctx.controls, say)],
    }


def browse_controls(view: View) -> list[Control]:
    """Return what answers the menus and buttons of a view; whoever may run its command may use them."""
    changes: dict[str, Callable[[Filter, Press], Filter]] = {
        "level": lambda wanted, press: wanted.with_(bracket=_chosen(press)),
        "boss": lambda wanted, press: wanted.with_(boss=_chosen(press)),
        "mode": lambda wanted, press: wanted.with_(mode=_chosen(press)),
        "spots": lambda wanted, press: wanted.with_(spots=int(press.values[0])),
        "page": lambda wanted, _: wanted,
    }
    return [
        Control(f"{view.command}-{name}", _answer(view, change), command=view.command)
        for name, change in changes.items()
    ]


def _answer(view: View, change: Callable[[Filter, Press], Filter]) -> Callable[[PluginContext, Press], Awaitable[None]]:
    async def answer(ctx: PluginContext, press: Press) -> None:
        wanted = change(Filter.decode(press.state), press)
        await press.update(**await browse_message(view, wanted, ctx))

    return answer


def _chosen(press: Press) -> str:
    (value,) = press.values
    return "" if value == ANY else value


def _heading(clan: Clan, say: Say) -> str:
    spots = say("{count} open", count=clan.open_spots) if clan.open_spots else say("full")
    facts = [f"{clan.clan_name} [{clan.clan_tag}]", say("level {range}", range=clan.level), spots]
    return " · ".join([*facts, *([say("entry {level}", level=clan.entry_level)] if clan.entry_level else [])])


def _line(view: View, clan: Clan, say: Say) -> str:
    return " · ".join(fact for fact in view.facts(clan, say) if fact) or say("no details yet")


def _known(rows: Sequence[Clan], say: Say) -> dict[str, dict[str, str]]:
    """Return what each menu offers, value to label."""
    return {
        "level": {ANY: say("any level")} | {each.key: say("level {range}", range=each.label) for each in BRACKETS},
        "boss": {ANY: say("any boss")} | {digest(boss): boss for boss in choices(rows, lambda clan: clan.boss)},
        "mode": {ANY: say("any mode")} | {digest(mode): mode for mode in choices(rows, lambda clan: clan.mode)},
        "spots": {"0": say("full clans too"), "1": say("with an open spot")}
        | {str(least): say("{count} or more open spots", count=least) for least in LEASTS},
    }


def _that_exist(wanted: Filter, known: dict[str, dict[str, str]]) -> Filter:
    """Return a filter without the boss and the mode that have left the sheet since it was made."""
    boss = wanted.boss if wanted.boss in known["boss"] else ""
    mode = wanted.mode if wanted.mode in known["mode"] else ""
    return replace(wanted, boss=boss, mode=mode)


def _menus(
    view: View, wanted: Filter, known: dict[str, dict[str, str]], controls: Controls, say: Say
) -> list[hikari.api.MessageActionRowBuilder]:
    chosen = {"level": wanted.bracket, "boss": wanted.boss, "mode": wanted.mode, "spots": str(wanted.spots)}
    titles = {"level": say("level"), "boss": say("boss"), "mode": say("mode"), "spots": say("spots")}
    return [
        _menu(controls.id(f"{view.command}-{name}", wanted.encode()), titles[name], options, chosen[name] or ANY)
        for name, options in known.items()
    ]


def _menu(custom_id: str, name: str, options: dict[str, str], chosen: str) -> hikari.api.MessageActionRowBuilder:
    row = hikari.impl.MessageActionRowBuilder()
    menu = row.add_text_menu(custom_id, placeholder=name)
    for value, label in options.items():
        menu.add_option(label[:100], value, is_default=value == chosen)
    return row


def _pages(
    view: View, wanted: Filter, page: Page, controls: Controls, say: Say
) -> list[hikari.api.MessageActionRowBuilder]:
    if page.pages == 1:
        return []
    row = hikari.impl.MessageActionRowBuilder()
    for label, number in ((say("Back"), page.number - 1), (say("Next"), page.number + 1)):
        state = wanted.with_(page=number).encode()
        row.add_interactive_button(
            hikari.ButtonStyle.SECONDARY,
            controls.id(f"{view.command}-page", state),
            label=label,
            is_disabled=not 0 <= number < page.pages,
        )
    return [row]
