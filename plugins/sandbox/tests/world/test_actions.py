"""What people can do, and what Discord's client would not let them do."""

from __future__ import annotations

import base64

import pytest

from coreops_sandbox.world.channels import Overwrite
from coreops_sandbox.world.lookup import SandboxError
from coreops_sandbox.world.messages import Draft
from coreops_sandbox.world.permissions import Permission
from coreops_sandbox.world.posting import Origin, post

BUTTONS = [
    {
        "type": 1,
        "id": 1,
        "components": [
            {"type": 2, "id": 2, "style": 1, "label": "Go", "custom_id": "go"},
            {"type": 2, "id": 3, "style": 1, "label": "No", "custom_id": "no", "disabled": True},
        ],
    },
    {
        "type": 1,
        "id": 4,
        "components": [
            {
                "type": 3,
                "id": 5,
                "custom_id": "boss",
                "options": [{"label": "Hydra", "value": "h"}, {"label": "Dragon", "value": "d"}],
                "min_values": 1,
                "max_values": 2,
            }
        ],
    },
    {"type": 1, "id": 6, "components": [{"type": 5, "id": 7, "custom_id": "who", "min_values": 1, "max_values": 1}]},
]
INPUT = {"type": 4, "id": 2, "custom_id": "why", "label": "Why?", "style": 1, "min_length": 3, "max_length": 5}
FILE = {"filename": "a b.txt", "content_base64": base64.b64encode(b"hello").decode()}


@pytest.fixture
def panel(world, ids):
    """A message of the bot with buttons and menus."""
    return post(world, world.home.channels[ids.ops], world.bot_user, Draft(content="panel", components=BUTTONS))


def refusal(action, *args, **options) -> str:
    with pytest.raises(SandboxError) as raised:
        action(*args, **options)
    return str(raised.value)


def test_a_message_reaches_the_gateway_with_member_and_mentions(people, seen, ids):
    people.say("admin", "#ops", f"hello <@{ids.bot}>")
    data = seen.last("MESSAGE_CREATE").data
    assert (data["author"]["username"], data["member"]["roles"]) == ("admin", [ids.admin_role])
    assert [(one["username"], "member" in one) for one in data["mentions"]] == [("CoreOps", True)]


@pytest.mark.parametrize("name", ["admin", "Admin", "@admin", "<@1090000000000000406>", "1090000000000000406"])
def test_people_are_found_by_name_mention_and_id(people, name):
    assert people.say(name, "ops", "x").author.username == "admin"


def test_what_does_not_exist_is_named_with_what_does(people):
    assert refusal(people.say, "user", "op", "x") == (
        "unknown channel 'op'; known: general, ops, log, recruiters, tickets"
    )
    assert "unknown member 'bob'; known: owner, user" in refusal(people.say, "bob", "ops", "x")
    assert "sees no message '1'" in refusal(people.press, "user", "1", "go")
    assert refusal(people.slash, "user", "ops", "ops health") == "unknown command 'ops health'; known: none"


@pytest.mark.parametrize("content", ["", "  ", "x" * 2001])
def test_messages_empty_or_too_long_are_refused(people, content):
    refusal(people.say, "user", "ops", content)


def test_files_are_kept_for_download(people, world):
    attachment = people.say("user", "ops", "", attachments=[FILE]).attachments[0]
    path = attachment["url"].partition("/cdn/")[2]
    assert (attachment["filename"], world.files[path].content) == ("a_b.txt", b"hello")
    assert "filename and content_base64" in refusal(people.say, "user", "ops", "", attachments=[{"filename": "x"}])


def test_a_reply_refers_to_its_message_and_mentions_its_author(people, seen):
    first = people.say("user", "ops", "?")
    answer = people.say("admin", "ops", "!", reply_to=first.id)
    assert (answer.type, answer.reference["message_id"]) == (19, first.id)
    assert [one.username for one in answer.mentions] == ["user"]


def test_channels_that_someone_cannot_see_or_write_in_are_refused(people, world, ids):
    log = world.home.channels[ids.log]
    log.overwrites[ids.guild] = Overwrite(ids.guild, 0, deny=Permission.SEND_MESSAGES)
    assert refusal(people.say, "user", "log", "x") == "user lacks SEND_MESSAGES in channel 'log'"
    log.overwrites[ids.guild] = Overwrite(ids.guild, 0, deny=Permission.VIEW_CHANNEL)
    assert "user cannot see channel 'log'" in refusal(people.say, "user", "log", "x")


def test_a_direct_message_carries_no_guild(people, seen):
    people.say("user", "dm", "psst")
    assert "guild_id" not in seen.last("MESSAGE_CREATE").data
    assert seen.last("MESSAGE_CREATE").intent == 1 << 12


def test_a_button_press_carries_its_message(people, panel, seen):
    interaction = people.press("user", panel.id, "go")
    data = seen.last("INTERACTION_CREATE").data
    assert data["data"] == {"custom_id": "go", "component_type": 2, "id": 2}
    assert (data["message"]["id"], data["token"]) == (panel.id, interaction.token)


def test_disabled_and_unknown_components_cannot_be_pressed(people, panel):
    assert "is disabled" in refusal(people.press, "user", panel.id, "no")
    assert "known: go, no, boss, who" in refusal(people.press, "user", panel.id, "stop")


def test_a_menu_takes_values_or_labels_within_its_bounds(people, panel, seen):
    people.press("user", panel.id, "boss", ["Hydra", "d"])
    assert seen.last("INTERACTION_CREATE").data["data"]["values"] == ["h", "d"]
    assert "takes 1 to 2 values, not 0" in refusal(people.press, "user", panel.id, "boss")
    assert "known: h, d" in refusal(people.press, "user", panel.id, "boss", ["Wyvern"])


def test_a_user_menu_resolves_the_people_chosen(people, panel, seen, ids):
    people.press("user", panel.id, "who", ["admin"])
    data = seen.last("INTERACTION_CREATE").data["data"]
    assert data["values"] == [ids.admin]
    assert data["resolved"]["users"][ids.admin]["username"] == "admin"
    assert "permissions" in data["resolved"]["members"][ids.admin]


def test_an_ephemeral_message_exists_for_its_reader_only(people, world, register, ids):
    register("ops")
    asked = people.slash("admin", "ops", "ops")
    channel, origin = world.home.channels[ids.ops], Origin(interaction=asked)
    hidden = post(world, channel, world.bot_user, Draft(content="x", components=BUTTONS, flags=64), origin)
    assert people.press("admin", hidden.id, "go").message_id == hidden.id
    assert "sees no message" in refusal(people.press, "user", hidden.id, "go")


def test_a_modal_is_submitted_once_by_the_one_who_opened_it(people, panel):
    opened = people.press("user", panel.id, "go")
    opened.modal = {"custom_id": "m", "title": "t", "components": [{"type": 1, "id": 1, "components": [INPUT]}]}
    assert "has no open modal" in refusal(people.submit_modal, "admin", opened.id, {"why": "abc"})
    assert "missing required modal input 'why'" in refusal(people.submit_modal, "user", opened.id, {})
    assert "takes 3 to 5 characters, not 2" in refusal(people.submit_modal, "user", opened.id, {"why": "ab"})
    assert "unknown modal input 'x'; known: why" in refusal(people.submit_modal, "user", opened.id, {"x": "abc"})
    submitted = people.submit_modal("user", opened.id, {"why": "abc"})
    assert submitted.data["components"][0]["components"][0]["value"] == "abc"
    assert (submitted.trigger, submitted.message_id) == (opened, panel.id)
    assert "has no open modal" in refusal(people.submit_modal, "user", opened.id, {"why": "abc"})


def test_people_join_with_roles_and_leave(people, seen, world, ids):
    member = people.join("newcomer", ["recruiter"])
    assert (seen.names(), member.roles) == (["GUILD_MEMBER_ADD", "GUILD_MEMBER_UPDATE"], [ids.recruiter_role])
    assert people.say("newcomer", "general", "hi").author is member.user
    people.leave("newcomer")
    assert seen.last("GUILD_MEMBER_REMOVE").data["user"]["id"] == member.user.id
    assert people.join("newcomer").user.id == member.user.id


def test_who_is_in_cannot_join_and_the_owner_cannot_leave(people, world, ids):
    assert "already a member" in refusal(people.join, "user")
    assert "cannot leave" in refusal(people.leave, "owner")
    people.leave("user")
    world.home.bans[ids.user] = None
    assert "is banned" in refusal(people.join, "user")


def test_a_reaction_is_published_once(people, seen):
    message = people.say("user", "ops", "x")
    people.react("admin", message.id, "👍")
    people.react("admin", message.id, "👍")
    assert seen.names().count("MESSAGE_REACTION_ADD") == 1
    refusal(people.react, "admin", message.id, "")


def test_a_thread_is_opened_spoken_in_and_closed_by_its_owner(people, seen, ids):
    thread = people.open_thread("user", "recruiters", "a ticket")
    assert (thread.parent_id, thread.thread.owner_id) == (ids.recruiters, ids.user)
    assert people.say("lead", "a ticket", "hello").channel_id == thread.id
    people.close_thread("user", "a ticket")
    assert seen.last("THREAD_UPDATE").data["thread_metadata"]["archived"]


def test_a_thread_is_closed_by_its_owner_or_who_manages_threads_alone(people):
    people.open_thread("user", "general", "mine")
    assert "lacks MANAGE_THREADS" in refusal(people.close_thread, "lead", "mine")
    assert people.close_thread("staff", "mine").thread.archived
    assert "is not a thread" in refusal(people.close_thread, "staff", "general")
    assert "has no threads" in refusal(people.open_thread, "user", "mine", "within")
    assert "1 to 100 characters" in refusal(people.open_thread, "user", "general", " ")
