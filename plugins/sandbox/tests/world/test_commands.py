"""Running slash commands as Discord's client allows it."""

from __future__ import annotations

import pytest

from coreops_sandbox.world.lookup import SandboxError

HEALTH = {"type": 1, "name": "health", "description": "d"}
REFRESH = {
    "type": 2,
    "name": "refresh",
    "description": "d",
    "options": [
        {
            "type": 1,
            "name": "bucket",
            "description": "d",
            "options": [{"type": 3, "name": "name", "description": "Which one", "required": True}],
        }
    ],
}


def option(kind: int, **changes: object) -> dict:
    return {"type": kind, "name": "o", "description": "d", **changes}


@pytest.fixture
def run(people, register):
    """Run `/c` with one option of the given declaration; returns the value that is sent."""

    def go(declared: dict, given: object) -> object:
        register("c", options=[declared])
        interaction = people.slash("user", "ops", "c", {"o": given})
        return interaction.data["options"][0]["value"]

    return go


def test_a_sub_command_is_nested_as_discord_nests_it(people, register):
    register("ops", options=[HEALTH, REFRESH])
    interaction = people.slash("user", "ops", "/ops refresh bucket", {"name": "clans"})
    group = interaction.data["options"][0]
    assert (group["name"], group["type"], group["options"][0]["name"]) == ("refresh", 2, "bucket")
    assert group["options"][0]["options"] == [{"name": "name", "type": 3, "value": "clans"}]
    assert interaction.command_name == "ops refresh bucket"


@pytest.mark.parametrize("path", ["ops", "ops refresh", "ops nothing", "nothing", "", "ops health more"])
def test_only_full_commands_can_be_run(people, register, path):
    register("ops", options=[HEALTH, REFRESH])
    with pytest.raises(SandboxError, match="known: ops health, ops refresh bucket"):
        people.slash("user", "ops", path)


def test_required_and_unknown_options_are_checked(people, register):
    register("ops", options=[REFRESH])
    with pytest.raises(SandboxError, match="missing required option 'name': Which one"):
        people.slash("user", "ops", "ops refresh bucket")
    with pytest.raises(SandboxError, match="unknown option 'x'; known: name"):
        people.slash("user", "ops", "ops refresh bucket", {"name": "a", "x": 1})


FITS = {
    "text": (option(3), "hi", "hi"),
    "text of its length": (option(3, min_length=2, max_length=2), "ab", "ab"),
    "a whole number": (option(4, min_value=1, max_value=5), 5, 5),
    "a whole number as text": (option(4), "7", 7),
    "a number": (option(10), "2.5", 2.5),
    "true": (option(5), True, True),
    "true as text": (option(5), "true", True),
    "a user by name": (option(6), "admin", "1090000000000000406"),
    "a channel by name": (option(7), "log", "1090000000000000203"),
    "a role by name": (option(8), "staff", "1090000000000000303"),
    "a mentionable role": (option(9), "lead", "1090000000000000302"),
    "a mentionable user": (option(9), "owner", "1090000000000000401"),
    "a choice by value": (option(3, choices=[{"name": "One", "value": "1"}]), "1", "1"),
    "a choice by name": (option(4, choices=[{"name": "One", "value": 1}]), "One", 1),
    "a number choice as text": (option(4, choices=[{"name": "One", "value": 1}]), "1", 1),
}


@pytest.mark.parametrize("what", FITS)
def test_a_value_is_sent_in_the_options_type(run, what):
    declared, given, sent = FITS[what]
    assert run(declared, given) == sent


MISFITS = {
    "a number as text": (option(3), 5, "takes text"),
    "too short": (option(3, min_length=3), "ab", "3 to 6000 characters"),
    "too long": (option(3, max_length=1), "ab", "0 to 1 characters"),
    "words as a number": (option(4), "many", "a whole number"),
    "a fraction as a whole number": (option(4), 1.5, "a whole number"),
    "truth as a number": (option(4), True, "a whole number"),
    "too small": (option(4, min_value=2), 1, "from 2 to"),
    "too large": (option(10, max_value=2.5), 2.6, "to 2.5"),
    "not a number": (option(10), "nan", "a number"),
    "maybe": (option(5), "maybe", "true or false"),
    "nobody": (option(6), "bob", "unknown member 'bob'"),
    "nowhere": (option(7), "attic", "unknown channel 'attic'"),
    "a channel of another type": (option(7, channel_types=[2]), "log", r"takes types \[2\]"),
    "no role": (option(8), "king", "unknown role 'king'"),
    "no choice": (option(3, choices=[{"name": "One", "value": "1"}]), "2", "known: One"),
    "no file": (option(11), "x", "filename and content_base64"),
}


@pytest.mark.parametrize("what", MISFITS)
def test_a_value_that_does_not_fit_is_refused(run, what):
    declared, given, message = MISFITS[what]
    with pytest.raises(SandboxError, match=message):
        run(declared, given)


def test_entities_come_with_resolved_data(people, register, seen, ids):
    kinds = [option(6, name="who"), option(7, name="where"), option(8, name="what"), option(11, name="file")]
    register("c", options=kinds)
    file = {"filename": "a.txt", "content_base64": "aGk="}
    people.slash("user", "ops", "c", {"who": "admin", "where": "log", "what": "lead", "file": file})
    resolved = seen.last("INTERACTION_CREATE").data["data"]["resolved"]
    assert resolved["users"][ids.admin]["username"] == "admin"
    assert resolved["channels"][ids.log]["name"] == "log"
    assert resolved["roles"][ids.lead_role]["name"] == "lead"
    attachment = next(iter(resolved["attachments"].values()))
    assert (attachment["size"], attachment["ephemeral"]) == (2, True)


def test_autocomplete_sends_what_is_typed_and_does_not_insist(people, register):
    register("c", options=[option(4, name="n", autocomplete=True, required=True), option(3, name="s", required=True)])
    interaction = people.autocomplete("user", "ops", "c", {"n": "1x"}, "n")
    assert interaction.data["options"] == [{"name": "n", "type": 4, "value": "1x", "focused": True}]
    with pytest.raises(SandboxError, match="'s' does not autocomplete"):
        people.autocomplete("user", "ops", "c", {}, "s")


def test_default_permissions_decide_who_may_run_a_command(people, register):
    register("purge", default_member_permissions=str(1 << 13))
    register("root", default_member_permissions="0")
    assert people.slash("staff", "ops", "purge").command_name == "purge"
    for who, path in (("user", "purge"), ("staff", "root"), ("admin", "root")):
        with pytest.raises(SandboxError, match="unknown command"):
            people.slash(who, "ops", path)
    assert people.slash("administrator", "ops", "root").command_name == "root"


def test_contexts_decide_where_a_command_is_offered(people, register):
    register("here", contexts=[0])
    register("there", contexts=[1])
    people.slash("user", "ops", "here")
    people.slash("user", "dm", "there")
    with pytest.raises(SandboxError, match="known: there"):
        people.slash("user", "dm", "here")


def test_a_guild_command_goes_before_a_global_one_of_its_name(people, register, ids):
    register("ops")
    local = register("ops", guild_id=ids.guild)
    assert people.slash("user", "ops", "ops").data["id"] == local.id
    assert people.slash("user", "ops", "ops").data["guild_id"] == ids.guild


def test_interactions_whose_token_has_expired_are_forgotten(people, register, world, clock):
    register("ops")
    old = people.slash("user", "ops", "ops")
    clock.advance(901)
    new = people.slash("user", "ops", "ops")
    assert old.id not in world.interactions
    assert world.interaction_by_token(new.token) is new
