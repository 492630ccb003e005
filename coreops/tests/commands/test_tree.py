"""The tree takes what can be served, refuses the rest by name, and forgets what is taken out."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import hikari
import lightbulb
import pytest

from coreops.commands.tree import CommandTree
from coreops_hookspecs import AccessRule, Command, Cooldown, Tier, access
from coreops_hookspecs.errors import DeclarationError

USER = AccessRule(Tier.USER)
STAFF = AccessRule(Tier.STAFF)


def command(name: str, **options: Any) -> type[lightbulb.SlashCommand]:
    body: dict[str, Any] = {**options}

    async def invoke(self: lightbulb.SlashCommand, ctx: lightbulb.Context) -> None:
        await ctx.respond(name)

    body["invoke"] = lightbulb.invoke(invoke)
    return type(lightbulb.SlashCommand)(  # type: ignore[return-value]
        "Made", (lightbulb.SlashCommand,), body, name=name, description=f"Do {name}"
    )


def group(name: str, *children: str) -> lightbulb.Group:
    made = lightbulb.Group(name, f"Group {name}")
    for child in children:
        made.register(command(child))
    return made


def paths(tree: CommandTree) -> list[str]:
    return [leaf.name for leaf in tree.leaves()]


def test_commands_groups_and_subgroups_are_found_by_path() -> None:
    tree = CommandTree()
    ops = group("ops", "health", "ping")
    ops.subgroup("sheets", "Sheets").register(command("check"))
    tree.add("ops", Command(ops, access=STAFF))
    tree.add("recruitment", Command(command("clan"), access=USER))
    assert paths(tree) == ["clan", "ops health", "ops ping", "ops sheets check"]
    leaf = tree.find(("ops", "sheets", "check"))
    assert leaf is not None
    assert (leaf.plugin, leaf.rule, leaf.section) == ("ops", STAFF, "ops")


@pytest.mark.parametrize(
    ("words", "path", "found"),
    [
        (["ops", "health"], ("ops", "health"), True),
        (["OPS", "Health", "x"], ("ops", "health"), True),
        (["ops"], ("ops",), False),
        (["ops", "nosuch"], ("ops",), False),
        (["nosuch"], (), False),
        ([], (), False),
    ],
)
def test_words_are_followed_as_far_as_they_lead(words: list[str], path: tuple[str, ...], found: bool) -> None:
    tree = CommandTree()
    tree.add("ops", Command(group("ops", "health"), access=USER))
    match = tree.match(words)
    assert (match.path, match.leaf is not None) == (path, found)


def test_a_decorator_decides_before_the_declaration() -> None:
    tree = CommandTree()
    ops = lightbulb.Group("ops", "Ops")
    ops.register(access.admin(command("reload")))
    ops.register(command("health"))
    cooldown = Cooldown(1, timedelta(seconds=5))
    tree.add("ops", Command(ops, access=STAFF, cooldown=cooldown, toggle="x", section="Operations"))
    reload, health = tree.find(("ops", "reload")), tree.find(("ops", "health"))
    assert reload is not None
    assert health is not None
    assert (reload.rule.tier, health.rule.tier) == (Tier.ADMIN, Tier.STAFF)
    assert (health.cooldown, health.toggle, health.section) == (cooldown, "x", "Operations")


def test_a_command_of_another_plugin_hangs_in_a_group_and_leaves_no_mark_when_it_goes() -> None:
    tree = CommandTree()
    ops = group("ops", "health")
    digest = command("digest")
    tree.add("ops", Command(ops, access=USER))
    remove = tree.add("reports", Command(digest, access=STAFF, mount="ops"))
    assert paths(tree) == ["ops digest", "ops health"]
    (root,) = tree.roots()
    assert isinstance(root, lightbulb.Group)
    assert sorted(root.subcommands) == ["digest", "health"]
    assert lightbulb.utils.get_command_data(digest).qualified_name == "ops digest"
    remove()
    remove()
    assert paths(tree) == ["ops health"]
    assert sorted(ops.subcommands) == ["health"]
    assert lightbulb.utils.get_command_data(digest).parent is None


def test_a_mounted_command_waits_for_its_group_whatever_the_order() -> None:
    tree = CommandTree()
    tree.add("reports", Command(command("digest"), access=USER, mount="ops"))
    assert (paths(tree), tree.roots()) == ([], [])
    remove = tree.add("ops", Command(group("ops", "health"), access=USER))
    assert paths(tree) == ["ops digest", "ops health"]
    remove()
    assert (paths(tree), tree.roots()) == ([], [])
    tree.add("ops", Command(group("ops", "ping"), access=USER))
    assert paths(tree) == ["ops digest", "ops ping"]
    assert tree.waiting() == []


@pytest.mark.parametrize("mount", ["opps", "clan"])
def test_a_mount_that_leads_nowhere_is_told(mount: str) -> None:
    tree = CommandTree()
    tree.add("ops", Command(group("ops", "health"), access=USER))
    tree.add("ops", Command(command("clan"), access=USER))
    tree.add("reports", Command(command("digest"), access=USER, mount=mount))
    assert paths(tree) == ["clan", "ops health"]
    (told,) = tree.waiting()
    assert told.startswith(f"plugin 'reports': '{mount} digest' waits for the group '{mount}'")
    assert "(groups: ops)" in told


def test_the_version_moves_with_every_change() -> None:
    tree = CommandTree()
    remove = tree.add("demo", Command(command("one"), access=USER))
    version = tree.version
    remove()
    assert tree.version > version


def test_a_context_menu_command_stands_beside_a_slash_command_of_its_name() -> None:
    @access.user
    class Report(lightbulb.UserCommand, name="report"):
        @lightbulb.invoke
        async def invoke(self, ctx: lightbulb.Context) -> None:
            await ctx.respond("reported")

    tree = CommandTree()
    tree.add("demo", Command(Report))
    tree.add("other", Command(command("report"), access=USER))
    menu = tree.find(("report",), hikari.CommandType.USER)
    assert menu is not None
    assert menu.plugin == "demo"
    assert tree.match(["report"]).leaf is tree.find(("report",))


TWENTY_SIX = [f"c{number}" for number in range(26)]

REFUSED: list[tuple[str, Any, str]] = [
    ("no tier", lambda: Command(command("free")), "command 'free' declares no tier; put @access.user"),
    ("taken", lambda: Command(command("taken"), access=USER), "already contributed by plugin 'first'"),
    ("taken group", lambda: Command(group("ops", "x"), access=USER), "command 'ops' of plugin 'second'"),
    ("taken path", lambda: Command(command("health"), access=USER, mount="ops"), "command 'ops health' of plugin"),
    ("upper case", lambda: Command(command("Clan"), access=USER), "command name 'Clan' is not allowed"),
    ("blank", lambda: Command(command("a b"), access=USER), "command name 'a b' is not allowed"),
    ("not a command", lambda: Command(target=int), "is not a lightbulb command class or group"),
    ("rest", lambda: Command(command("x"), access=USER, rest="text"), "rest='text' names no text option"),
    ("several", lambda: Command(command("x"), access=USER, several="text"), "several='text' names no text option"),
    ("too many", lambda: Command(group("big", *TWENTY_SIX), access=USER), "holds 25 at most"),
    (
        "order",
        lambda: Command(
            command("x", a=lightbulb.string("a", "A", default=""), b=lightbulb.string("b", "B")), access=USER
        ),
        "required option 'b' after optional 'a'",
    ),
    ("cooldown", lambda: Command(command("x"), access=USER, cooldown=Cooldown(0, timedelta(1))), "uses >= 1"),
    ("scope", lambda: Command(command("x"), access=USER, cooldown=Cooldown(1, timedelta(1), "me")), "scope of user"),
    ("examples", lambda: Command(group("g", "x"), access=USER, examples=("y",)), "name no command"),
    ("examples", lambda: Command(group("g", "x"), access=USER, examples={"z": ("y",)}), "no command of the group 'g'"),
]


@pytest.mark.parametrize(("declared", "message"), [one[1:] for one in REFUSED], ids=[one[0] for one in REFUSED])
def test_what_cannot_be_served_is_refused_by_name_and_changes_nothing(declared: Any, message: str) -> None:
    tree = CommandTree()
    tree.add("first", Command(command("taken"), access=USER))
    tree.add("first", Command(group("ops", "health"), access=USER))
    before, version = paths(tree), tree.version
    with pytest.raises(DeclarationError) as caught:
        tree.add("second", declared())
    assert message in str(caught.value)
    assert "second" in str(caught.value)
    assert (paths(tree), tree.version) == (before, version)


def with_default(default: str = "show") -> Command:
    return Command(group("plugins", "show", "load"), access=STAFF, mount="ops", default=default)


@pytest.mark.parametrize(
    ("words", "path", "used"),
    [
        (["ops", "plugins"], ("ops", "plugins", "show"), 2),
        (["ops", "Plugins", "welcome"], ("ops", "plugins", "show"), 2),
        (["ops", "plugins", "show", "welcome"], ("ops", "plugins", "show"), 3),
        (["ops", "plugins", "load", "welcome"], ("ops", "plugins", "load"), 3),
    ],
)
def test_words_that_lead_to_a_group_and_not_on_mean_its_default(
    words: list[str], path: tuple[str, ...], used: int
) -> None:
    tree = CommandTree()
    tree.add("ops", Command(group("ops", "health"), access=STAFF))
    remove = tree.add("ops", with_default())
    match = tree.match(words)
    assert (match.path, match.used) == (path, used)
    assert match.leaf is not None
    assert match.leaf.path == path
    remove()
    assert tree.match(words).leaf is None


def test_a_group_of_its_own_may_have_a_default_too() -> None:
    tree = CommandTree()
    tree.add("clans", Command(group("clan", "show", "list"), access=USER, default="show"))
    assert tree.match(["clan", "F-IT"]).path == ("clan", "show")


@pytest.mark.parametrize(
    "declared",
    [with_default("shwo"), Command(command("alone"), access=STAFF, default="alone")],
    ids=["no command of the group", "no group"],
)
def test_a_default_that_is_no_command_of_the_group_is_refused(declared: Command) -> None:
    with pytest.raises(DeclarationError, match=r"default='.*' names no command of the group"):
        CommandTree().add("ops", declared)
