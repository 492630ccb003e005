"""What the operator wrote about commands and nobody can mean is told once, with its cell and what was meant."""

from __future__ import annotations

from typing import Any

import lightbulb
import pytest

from coreops.commands.misspelt import wrong_approvals, wrong_rules
from coreops.commands.tree import CommandTree
from coreops_hookspecs import Command, access
from coreops_sandbox.world.seed import SEED

CELL = "sheet:book!Config!B4"
ROLE = "role:123456789012345678"


@access.user
class Clan(lightbulb.SlashCommand, name="clan", description="A clan"):
    reboot = lightbulb.boolean("reboot", "Then", default=False)

    @lightbulb.invoke
    async def invoke(self, ctx: lightbulb.Context) -> None:
        await ctx.respond("clan")


@pytest.fixture
def tree() -> CommandTree:
    made = CommandTree()
    made.add("recruitment", Command(Clan))
    group = lightbulb.Group("ops", "Operate")

    @group.register
    @access.admin
    class Reload(lightbulb.SlashCommand, name="reload", description="Reload"):
        reboot = lightbulb.boolean("reboot", "Then", default=False)

        @lightbulb.invoke
        async def invoke(self, ctx: lightbulb.Context) -> None:
            await ctx.respond("reloaded")

    made.add("ops", Command(group))
    return made


@pytest.mark.parametrize("rule", ["clan", "ops", "ops reload", "plugin:recruitment", "*", "CLAN"])
def test_a_rule_about_something_that_is_there_is_no_problem(tree: CommandTree, rule: str) -> None:
    assert wrong_rules(f"deny {ROLE} {rule}; allow {ROLE} clan", CELL, tree) == []


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        (f"deny {ROLE} claan", f'"deny {ROLE} claan" is about no command that is there; did you mean "clan"'),
        (f"deny {ROLE} ops relaod", 'did you mean "ops reload"'),
        (f"deny {ROLE} plugin:recruitement", 'did you mean "plugin:recruitment"'),
        (f"deny {ROLE} ops reload now", "does nothing"),
        ("deny role:Recruiter clan", "has no id after role:"),
        (f"denny {ROLE} clan", "begins with neither allow nor deny"),
        (f"deny roll:{SEED.staff_role} clan", 'did you mean "role"'),
    ],
)
def test_a_rule_that_nobody_can_mean_is_told_with_its_cell(tree: CommandTree, rule: str, told: str) -> None:
    (problem,) = wrong_rules(f"deny {ROLE} clan\n{rule}", CELL, tree)
    assert problem.startswith(f"COMMAND_RULES ({CELL}): ")
    assert told in problem


def test_a_rule_that_cannot_be_read_says_that_only_admins_are_let_in(tree: CommandTree) -> None:
    (problem,) = wrong_rules("nonsense", CELL, tree)
    assert problem.endswith("only admins are let in until it is mended")


@pytest.mark.parametrize(
    ("action", "told"),
    [
        ("ops relaod --reboot", 'names no command that is there; did you mean "ops reload"'),
        ("ops", "names no command that is there"),
        ("ops reload --rebot", 'has no option rebot; did you mean "reboot"'),
    ],
)
def test_an_action_that_nobody_can_ask_for_is_told_with_its_cell(tree: CommandTree, action: str, told: str) -> None:
    (problem,) = wrong_approvals(f"clan; {action};", CELL, tree)
    assert problem.startswith(f"APPROVALS ({CELL}): ")
    assert told in problem
    assert problem.endswith("until then it needs no second person")


def test_actions_that_are_there_are_no_problem(tree: CommandTree) -> None:
    assert wrong_approvals("ops reload --reboot\nCLAN;;", CELL, tree) == []


async def test_a_problem_is_told_once_and_again_when_it_comes_back(bench: Any) -> None:
    bench.written["COMMAND_RULES"] = f"deny role:{SEED.staff_role} claan"
    await bench.start(Clan)
    assert len(bench.problems) == 1
    await bench.room.refresh()
    assert len(bench.problems) == 1
    bench.written["COMMAND_RULES"], mistaken = "", bench.written["COMMAND_RULES"]
    await bench.room.configured()
    bench.written["COMMAND_RULES"] = mistaken
    await bench.room.configured()
    assert len(bench.problems) == 2


@pytest.mark.parametrize("kind", ["role", "channel", "guild"])
async def test_an_id_that_is_in_no_server_of_the_bot_is_told(bench: Any, kind: str) -> None:
    known = {"role": SEED.staff_role, "channel": SEED.general, "guild": SEED.guild}[kind]
    bench.written["COMMAND_RULES"] = f"deny {kind}:{known} clan; allow {kind}:123456789012345678 clan"
    await bench.start(Clan)
    (problem,) = bench.problems
    assert f"{kind} 123456789012345678 is in no server of this bot" in problem


async def test_a_rule_about_a_person_who_is_not_there_is_no_problem(bench: Any) -> None:
    bench.written["COMMAND_RULES"] = "deny user:123456789012345678 clan"
    await bench.start(Clan)
    assert bench.problems == []
