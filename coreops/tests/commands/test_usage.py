"""How a command is written on both surfaces."""

from __future__ import annotations

import lightbulb
import pytest

from coreops.commands.shortcuts import Shortcuts
from coreops.commands.tree import CommandTree
from coreops.commands.usage import prefix_usage, slash_usage
from coreops_hookspecs import Command, access


@access.user
class Place(lightbulb.SlashCommand, name="place", description="Place a member"):
    who = lightbulb.user("who", "Who")
    mode = lightbulb.string("mode", "How", choices=[lightbulb.Choice("soft", "s"), lightbulb.Choice("hard", "h")])
    sure = lightbulb.boolean("sure", "Really")
    note = lightbulb.string("note", "A note", default="")
    proof = lightbulb.attachment("proof", "A picture", default=None)
    quiet = lightbulb.boolean("quiet", "Tell nobody", default=False)
    why = lightbulb.string("why", "Why", default="")

    @lightbulb.invoke
    async def invoke(self, ctx: lightbulb.Context) -> None:
        await ctx.respond("placed")


@access.user
class Report(lightbulb.UserCommand, name="Report member"):
    @lightbulb.invoke
    async def invoke(self, ctx: lightbulb.Context) -> None:
        await ctx.respond("reported")


@pytest.fixture
def tree() -> CommandTree:
    tree = CommandTree()
    tree.add("demo", Command(Place, rest="why"))
    tree.add("demo", Command(Report))
    return tree


def test_the_prefix_form_shows_order_flags_choices_and_the_rest(tree: CommandTree) -> None:
    leaf = next(leaf for leaf in tree.leaves() if leaf.name == "place")
    assert prefix_usage("!", leaf) == (
        "!place <who> <soft|hard> <yes|no> [note] [proof: attach a file] [--quiet] [why…]"
    )


def test_a_message_may_leave_out_the_name_of_a_groups_default() -> None:
    group = lightbulb.Group("people", "People")
    group.register(Place)
    tree = CommandTree()
    tree.add("demo", Command(group, rest="why", default="place"))
    (leaf,) = tree.leaves()
    assert prefix_usage("!", leaf).startswith("!people <who>")
    assert slash_usage(leaf).startswith("/people place who:<who>")


def test_the_slash_form_names_every_option(tree: CommandTree) -> None:
    leaf = next(leaf for leaf in tree.leaves() if leaf.name == "place")
    assert slash_usage(leaf) == (
        "/place who:<who> mode:<soft|hard> sure:<yes|no> [note:<note>] [proof:<proof>] [quiet:<yes|no>] [why:<why>]"
    )


def test_a_context_menu_has_no_prefix_form(tree: CommandTree) -> None:
    leaf = next(leaf for leaf in tree.leaves() if leaf.name == "Report member")
    assert (prefix_usage("!", leaf), slash_usage(leaf)) == ("", "Apps → Report member")


def test_shorter_forms_are_told_to_those_who_may_use_them() -> None:
    shortcuts = Shortcuts(("health", "refresh all"), "c1c")
    assert shortcuts.of("!", ("ops", "health"), admin=True) == ("!health", "!c1c health")
    assert shortcuts.of("!", ("ops", "refresh"), admin=True) == ("!refresh all", "!c1c refresh")
    assert shortcuts.of("!", ("ops", "health"), admin=False) == ("!c1c health",)
    assert shortcuts.of("!", ("clan",), admin=True) == ()
