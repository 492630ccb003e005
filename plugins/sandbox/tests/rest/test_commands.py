"""Registering application commands."""

from __future__ import annotations

import dataclasses

import hikari
import pytest

from coreops_sandbox.rest.ratelimit import Limits

APP = "/applications/1090000000000000001"
GUILD = f"{APP}/guilds/1090000000000000100"


def command(name: str = "ops", **changes: object) -> dict:
    return {"name": name, "description": "d", **changes}


def option(name: str = "o", kind: int = 3, **changes: object) -> dict:
    return {"type": kind, "name": name, "description": "d", **changes}


def choices(count: int) -> list[dict]:
    return [{"name": str(n), "value": str(n)} for n in range(count)]


FIRST = ("options", 0)
INVALID_NAME = ["STRING_TYPE_REGEX", "APPLICATION_COMMAND_INVALID_NAME"]

BAD = {
    "spaces in the name": (command("two words"), ("name",), INVALID_NAME),
    "capitals in the name": (command("Ops"), ("name",), ["APPLICATION_COMMAND_INVALID_NAME"]),
    "name of 33": (command("n" * 33), ("name",), INVALID_NAME),
    "an empty name": (command(""), ("name",), INVALID_NAME),
    "a dot in the name": (command("a.b"), ("name",), INVALID_NAME),
    "no name": ({"description": "d"}, ("name",), ["BASE_TYPE_REQUIRED"]),
    "no description": ({"name": "n"}, ("description",), ["BASE_TYPE_REQUIRED"]),
    "description of 101": (command(description="d" * 101), ("description",), ["BASE_TYPE_BAD_LENGTH"]),
    "an unknown type": (command(type=9), ("type",), ["BASE_TYPE_CHOICES"]),
    "a described user command": (
        command("Who is this", type=2),
        ("description",),
        ["APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION_CANNOT_BE_SET"],
    ),
    "26 options": (
        command(options=[option(f"o{n}") for n in range(26)]),
        ("options",),
        ["BASE_TYPE_MAX_LENGTH"],
    ),
    "an option in capitals": (
        command(options=[option("Tag")]),
        (*FIRST, "name"),
        ["APPLICATION_COMMAND_INVALID_NAME"],
    ),
    "an option of an unknown type": (command(options=[option(kind=12)]), (*FIRST, "type"), ["BASE_TYPE_CHOICES"]),
    "required after optional": (
        command(options=[option("a"), option("b", required=True)]),
        ("options", 1),
        ["APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID"],
    ),
    "an option twice": (
        command(options=[option("a"), option("a")]),
        ("options", 1),
        ["APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS"],
    ),
    "a sub-command beside an option": (
        command(options=[option("a", 1), option("b")]),
        ("options",),
        ["APPLICATION_COMMAND_OPTIONS_TYPE_INVALID"],
    ),
    "a group in a group": (
        command(options=[option("a", 2, options=[option("b", 2)])]),
        (*FIRST, "options", 0, "type"),
        ["BASE_TYPE_CHOICES"],
    ),
    "a sub-command in a sub-command": (
        command(options=[option("a", 1, options=[option("b", 1)])]),
        (*FIRST, "options", 0, "type"),
        ["BASE_TYPE_CHOICES"],
    ),
    "26 choices": (command(options=[option(choices=choices(26))]), (*FIRST, "choices"), ["BASE_TYPE_MAX_LENGTH"]),
    "a choice of the wrong type": (
        command(options=[option(kind=4, choices=[{"name": "a", "value": "x"}])]),
        (*FIRST, "choices", 0, "value"),
        ["NUMBER_TYPE_COERCE"],
    ),
    "choices of a boolean": (
        command(options=[option(kind=5, choices=choices(1))]),
        (*FIRST, "choices"),
        ["APPLICATION_COMMAND_OPTIONS_TYPE_INVALID"],
    ),
    "choices with autocomplete": (
        command(options=[option(autocomplete=True, choices=choices(1))]),
        FIRST,
        ["APPLICATION_COMMAND_OPTION_CHOICES_AUTOCOMPLETE_EXCLUSIVE"],
    ),
    "minimum over maximum": (
        command(options=[option(kind=4, min_value=5, max_value=4)]),
        (*FIRST, "max_value"),
        ["NUMBER_TYPE_MIN"],
    ),
    "a fraction as an integer's minimum": (
        command(options=[option(kind=4, min_value=0.5)]),
        (*FIRST, "min_value"),
        ["NUMBER_TYPE_COERCE"],
    ),
    "a length over 6000": (command(options=[option(max_length=6001)]), (*FIRST, "max_length"), ["NUMBER_TYPE_MAX"]),
    "an unknown locale": (
        command(name_localizations={"xx": "n"}),
        ("name_localizations", "xx"),
        ["ENUM_TYPE_COERCE"],
    ),
    "an unknown context": (command(contexts=[7]), ("contexts", 0), ["BASE_TYPE_CHOICES"]),
    "8001 characters": (
        command(
            options=[
                option(f"o{n}", choices=[{"name": f"{c:0>80}", "value": f"{c:0>80}"} for c in range(25)])
                for n in range(2)
            ]
        ),
        (),
        ["APPLICATION_COMMAND_TOO_LARGE"],
    ),
}


@pytest.mark.parametrize("name", BAD)
async def test_a_command_is_refused_with_the_code_at_its_place(http, name):
    body, path, codes = BAD[name]
    one = await http("POST", f"{APP}/commands", body)
    assert (one.status, one.code) == (400, 50035)
    assert one.error_at(*path) == codes
    many = await http("PUT", f"{APP}/commands", [command("fine"), body])
    assert many.error_at(1, *path) == codes
    assert (await http("GET", f"{APP}/commands")).body == []


@pytest.mark.parametrize("name", ["ops", "ops-health", "o_1", "größe", "команда", "命令", "नमस्ते", "l'heure"])
async def test_names_in_any_script_are_accepted(http, name):
    assert (await http("POST", f"{APP}/commands", command(name))).status == 201


async def test_a_command_of_the_same_name_is_replaced_and_keeps_its_id(http):
    first = await http("POST", f"{APP}/commands", command())
    second = await http("POST", f"{APP}/commands", command(description="new"))
    assert (first.status, second.status) == (201, 200)
    assert second.body["id"] == first.body["id"]
    assert second.body["version"] != first.body["version"]
    assert [one["description"] for one in (await http("GET", f"{APP}/commands")).body] == ["new"]


async def test_global_and_guild_commands_live_apart(http):
    await http("POST", f"{APP}/commands", command())
    local = (await http("POST", f"{GUILD}/commands", command())).body
    assert local["guild_id"] == "1090000000000000100"
    await http("PUT", f"{APP}/commands", [])
    assert [one["id"] for one in (await http("GET", f"{GUILD}/commands")).body] == [local["id"]]


async def test_bulk_overwrite_replaces_all_and_keeps_known_ids_and_versions(http):
    before = (await http("PUT", f"{APP}/commands", [command("a"), command("b")])).body
    after = (await http("PUT", f"{APP}/commands", [command("b"), command("c")])).body
    assert [one["name"] for one in after] == ["b", "c"]
    assert (after[0]["id"], after[0]["version"]) == (before[1]["id"], before[1]["version"])


async def test_bulk_overwrite_refuses_the_same_name_twice(http):
    answer = await http("PUT", f"{APP}/commands", [command("a"), command("a")])
    assert answer.error_at(1) == ["APPLICATION_COMMANDS_DUPLICATE_NAME"]
    both = [command("a"), {"name": "a", "type": 2}]
    assert (await http("PUT", f"{APP}/commands", both)).status == 200


async def test_an_edit_changes_only_what_it_names(http):
    made = (await http("POST", f"{APP}/commands", command(options=[option()]))).body
    path = f"{APP}/commands/{made['id']}"
    edited = (await http("PATCH", path, {"description": "new"})).body
    assert (edited["description"], edited["options"][0]["name"]) == ("new", "o")
    await http("POST", f"{APP}/commands", command("other"))
    assert (await http("PATCH", path, {"name": "other"})).code == 40041
    assert (await http("DELETE", path)).status == 204
    assert (await http("GET", path)).code == 10063


async def test_there_is_room_for_a_hundred_slash_commands_and_fifteen_of_each_menu(http):
    full = [command(f"c{n}") for n in range(100)]
    assert (await http("PUT", f"{APP}/commands", full)).status == 200
    assert (await http("POST", f"{APP}/commands", command("more"))).code == 30032
    assert (await http("POST", f"{APP}/commands", command("c1"))).status == 200
    menus = [{"name": f"m{n}", "type": 3} for n in range(16)]
    assert (await http("PUT", f"{APP}/commands", menus)).code == 30032


class TestDailyCreates:
    @pytest.fixture
    def limits(self) -> Limits:
        return dataclasses.replace(Limits.generous(), daily_creates=3)

    async def test_only_new_commands_count_and_the_next_day_is_free_again(self, http, clock):
        for _ in range(3):
            assert (await http("PUT", f"{APP}/commands", [command("a"), command("b")])).status == 200
        refused = await http("PUT", f"{APP}/commands", [command("c"), command("d")])
        assert (refused.status, refused.code) == (400, 30034)
        clock.advance(86_401)
        assert (await http("PUT", f"{APP}/commands", [command("c"), command("d")])).status == 200


async def test_texts_in_other_languages_are_listed_on_request_only(http):
    await http("POST", f"{APP}/commands", command(name_localizations={"de": "betrieb"}))
    assert "name_localizations" not in (await http("GET", f"{APP}/commands")).body[0]
    full = (await http("GET", f"{APP}/commands?with_localizations=true")).body[0]
    assert full["name_localizations"] == {"de": "betrieb"}


async def test_another_application_and_an_unknown_guild_are_forbidden(http):
    assert (await http("GET", "/applications/42/commands")).code == 20012
    assert (await http("GET", f"{APP}/guilds/42/commands")).code == 50001


async def test_command_permissions_are_as_a_fresh_guild_has_them(http, rest):
    made = (await http("POST", f"{APP}/commands", command())).body
    assert (await http("GET", f"{GUILD}/commands/permissions")).body == []
    assert (await http("GET", f"{GUILD}/commands/{made['id']}/permissions")).code == 10066
    assert (await http("PUT", f"{GUILD}/commands/{made['id']}/permissions", {"permissions": []})).code == 20001


async def test_hikari_builds_and_reads_a_command_with_all_it_can_have(rest):
    application = await rest.fetch_application()
    builder = rest.slash_command_builder("clan", "Show a clan").set_default_member_permissions(
        hikari.Permissions.MANAGE_GUILD
    )
    kinds = hikari.OptionType
    builder.add_option(
        hikari.CommandOption(
            type=kinds.INTEGER,
            name="level",
            description="Its level",
            is_required=True,
            choices=[hikari.CommandChoice(name="one", value=1)],
        )
    )
    builder.add_option(
        hikari.CommandOption(
            type=kinds.CHANNEL, name="where", description="d", channel_types=[hikari.ChannelType.GUILD_TEXT]
        )
    )
    made = await rest.set_application_commands(application, [builder])
    read = await rest.fetch_application_command(application, made[0])
    assert read.default_member_permissions == hikari.Permissions.MANAGE_GUILD
    assert [(one.name, one.is_required) for one in read.options] == [("level", True), ("where", False)]
    assert read.options[0].choices[0].value == 1


async def test_a_change_of_commands_is_noticed(http, seen):
    await http("POST", f"{APP}/commands", command())
    assert [one["name"] for one in seen.notices[-1].data["commands"]] == ["ops"]
