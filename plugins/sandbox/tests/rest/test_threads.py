"""Threads from start to archive."""

from __future__ import annotations

import datetime as dt

import hikari
import pytest

from coreops_sandbox.world.permissions import Permission

GUILD = 1090000000000000100
OPS = 1090000000000000202
PUBLIC = hikari.ChannelType.GUILD_PUBLIC_THREAD


@pytest.fixture
async def thread(rest):
    return await rest.create_thread(OPS, PUBLIC, "incident 42")


async def test_a_thread_of_a_message_has_its_id_and_marks_it(rest, http, people, seen):
    message = people.say("user", "ops", "something broke")
    thread = await rest.create_message_thread(OPS, int(message.id), "incident", auto_archive_duration=60)
    assert str(thread.id) == message.id
    assert thread.metadata.auto_archive_duration == dt.timedelta(hours=1)
    assert (await rest.fetch_message(OPS, thread.id)).flags & hikari.MessageFlag.HAS_THREAD
    assert seen.last("THREAD_CREATE").data["newly_created"]
    again = await http("POST", f"/channels/{OPS}/messages/{message.id}/threads", {"name": "twice"})
    assert again.code == 160004


async def test_a_public_thread_is_announced_in_its_channel(rest, thread):
    latest = await rest.fetch_messages(OPS).next()
    assert (latest.type, latest.content) == (hikari.MessageType.THREAD_CREATED, "incident 42")


async def test_messages_go_into_a_thread(rest, thread):
    await rest.create_message(thread, "looking")
    assert [one.content async for one in rest.fetch_messages(thread)] == ["looking"]


async def test_members_join_and_leave(rest, thread, ids, seen):
    await rest.add_thread_member(thread, int(ids.user))
    assert {one.user_id async for one in rest.fetch_thread_members(thread)} == {int(ids.bot), int(ids.user)}
    assert seen.last("THREAD_MEMBERS_UPDATE").data["added_members"][0]["user_id"] == ids.user
    await rest.remove_thread_member(thread, int(ids.user))
    await rest.leave_thread(thread)
    assert [one async for one in rest.fetch_thread_members(thread)] == []
    await rest.join_thread(thread)
    assert (await rest.fetch_thread_member(thread, int(ids.bot))).user_id == int(ids.bot)


async def test_an_archived_thread_takes_no_edits_until_it_is_woken(rest, http, thread):
    message = await rest.create_message(thread, "before")
    await rest.edit_channel(thread, archived=True)
    for method, path, body in (
        ("PATCH", f"/channels/{thread.id}/messages/{message.id}", {"content": "x"}),
        ("PATCH", f"/channels/{thread.id}", {"name": "x"}),
        ("PUT", f"/channels/{thread.id}/thread-members/@me", None),
    ):
        assert (await http(method, path, body)).code == 50083
    await rest.create_message(thread, "a message wakes it")
    assert not (await rest.fetch_channel(thread)).metadata.is_archived


async def test_a_locked_thread_is_closed_to_those_who_do_not_manage_threads(rest, http, thread, grant):
    await rest.edit_channel(thread, locked=True)
    grant(remove=Permission.MANAGE_THREADS)
    assert (await http("POST", f"/channels/{thread.id}/messages", {"content": "x"})).code == 160005


async def test_active_and_archived_threads_are_listed_apart(rest, http, thread):
    active = await rest.fetch_active_threads(GUILD)
    assert [one.name for one in active] == ["incident 42"]
    await rest.edit_channel(thread, archived=True)
    assert list(await rest.fetch_active_threads(GUILD)) == []
    archived = [one.name async for one in rest.fetch_public_archived_threads(OPS)]
    assert archived == ["incident 42"]


async def test_a_private_thread_is_seen_by_its_members_and_managers_only(rest, world, people, ids):
    thread = await rest.create_thread(OPS, hikari.ChannelType.GUILD_PRIVATE_THREAD, "hush")
    channel = world.channel(str(thread.id))
    assert not world.can_see(ids.user, channel)
    assert world.can_see(ids.staff, channel)
    await rest.add_thread_member(thread, int(ids.user))
    assert world.can_see(ids.user, channel)


async def test_a_thread_without_type_is_private(http):
    assert (await http("POST", f"/channels/{OPS}/threads", {"name": "n"})).body["type"] == 12


async def test_a_deleted_thread_is_gone_with_its_event(rest, http, thread, seen):
    await rest.delete_channel(thread)
    assert seen.last("THREAD_DELETE").data == {
        "id": str(thread.id),
        "guild_id": str(GUILD),
        "parent_id": str(OPS),
        "type": 11,
    }
    assert (await http("GET", f"/channels/{thread.id}")).code == 10003


async def test_a_thread_has_no_threads(http, thread):
    assert (await http("POST", f"/channels/{thread.id}/threads", {"name": "n", "type": 11})).code == 50024


@pytest.mark.parametrize("body", [{}, {"name": ""}, {"name": "n", "auto_archive_duration": 61}])
async def test_a_badly_described_thread_is_refused(http, body):
    assert (await http("POST", f"/channels/{OPS}/threads", {**body, "type": 11})).code == 50035
