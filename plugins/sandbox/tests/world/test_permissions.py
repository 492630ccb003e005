"""Discord docs, Permissions, "Permission Overwrites", "Implicit Permissions" and "Inherited Permissions"."""

from __future__ import annotations

import pytest

from coreops_sandbox.world.channels import Channel, Overwrite, ThreadState
from coreops_sandbox.world.permissions import ALL, Permission, highest_position, in_guild, names

SEND, VIEW, EMBED = Permission.SEND_MESSAGES, Permission.VIEW_CHANNEL, Permission.EMBED_LINKS


@pytest.fixture
def ops(world, ids):
    return world.home.channels[ids.ops]


def test_the_owner_and_administrators_may_do_all(world, ids, ops):
    ops.overwrites[ids.guild] = Overwrite(ids.guild, 0, deny=VIEW)
    for who in (ids.owner, ids.administrator):
        assert in_guild(world.home, world.home.members[who]) == ALL
        assert world.permissions(who, ops) == ALL


def test_roles_add_up(world, ids):
    member = world.home.members[ids.user]
    assert not in_guild(world.home, member) & Permission.MANAGE_MESSAGES
    member.roles = [ids.recruiter_role, ids.staff_role]
    assert in_guild(world.home, member) & Permission.MANAGE_MESSAGES


def test_an_allow_of_one_role_beats_the_deny_of_another_and_a_members_beats_both(world, ids, ops):
    world.home.members[ids.user].roles = [ids.recruiter_role, ids.lead_role]
    ops.overwrites[ids.recruiter_role] = Overwrite(ids.recruiter_role, 0, deny=SEND)
    assert not world.permissions(ids.user, ops) & SEND
    ops.overwrites[ids.lead_role] = Overwrite(ids.lead_role, 0, allow=SEND)
    assert world.permissions(ids.user, ops) & SEND
    ops.overwrites[ids.user] = Overwrite(ids.user, 1, deny=SEND)
    assert not world.permissions(ids.user, ops) & SEND


def test_a_role_overwrite_beats_that_of_everyone(world, ids, ops):
    ops.overwrites[ids.guild] = Overwrite(ids.guild, 0, deny=VIEW)
    ops.overwrites[ids.staff_role] = Overwrite(ids.staff_role, 0, allow=VIEW)
    assert world.can_see(ids.staff, ops)
    assert not world.can_see(ids.user, ops)


def test_without_view_there_is_nothing_and_without_send_no_extras(world, ids, ops):
    ops.overwrites[ids.guild] = Overwrite(ids.guild, 0, deny=VIEW)
    assert world.permissions(ids.user, ops) == 0
    ops.overwrites[ids.guild] = Overwrite(ids.guild, 0, deny=SEND)
    granted = world.permissions(ids.user, ops)
    assert granted & VIEW
    assert not granted & EMBED


def test_a_timed_out_member_only_reads_until_the_time_is_over(world, ids, ops, clock):
    world.home.members[ids.user].timed_out_until = clock.now + 60
    assert world.permissions(ids.user, ops) == VIEW | Permission.READ_MESSAGE_HISTORY
    clock.advance(61)
    assert world.permissions(ids.user, ops) & SEND


def test_a_thread_has_its_parents_overwrites_and_its_own_permission_to_send(world, ids, ops):
    thread = Channel("9", 11, "t", ids.guild, parent_id=ids.ops, thread=ThreadState(ids.user, 0.0, 0.0))
    world.home.channels[thread.id] = thread
    ops.overwrites[ids.guild] = Overwrite(ids.guild, 0, deny=SEND)
    assert world.permissions(ids.user, thread) & EMBED
    ops.overwrites[ids.guild] = Overwrite(ids.guild, 0, deny=Permission.SEND_MESSAGES_IN_THREADS)
    assert not world.permissions(ids.user, thread) & EMBED


def test_strangers_have_no_permissions(world, ops):
    assert world.permissions("42", ops) == 0


def test_a_direct_message_is_open_to_its_two_sides_only(world, ids):
    dm = world.direct_channel(world.users[ids.user])
    assert world.permissions(ids.user, dm) & SEND
    assert world.permissions(ids.bot, dm) & SEND
    assert world.permissions(ids.admin, dm) == 0


def test_positions_follow_the_highest_role_and_the_owner_stands_above(world, ids):
    position = {who: highest_position(world.home, world.home.members[who]) for who in world.home.members}
    assert position[ids.user] == 0
    assert position[ids.staff] < position[ids.bot] < position[ids.admin] < position[ids.owner]


def test_bits_are_named_for_people():
    assert names(SEND | EMBED) == ["SEND_MESSAGES", "EMBED_LINKS"]
