from __future__ import annotations

import pytest

from coreops_sandbox.world.mentions import resolve

USER, STAFF_ROLE, LEAD_ROLE = "1090000000000000402", "1090000000000000303", "1090000000000000302"
TEXT = f"<@{USER}> <@&{LEAD_ROLE}> <@&{STAFF_ROLE}> @everyone"


@pytest.fixture
def find(world, ids):
    def go(content, allowed=None, *, author=ids.bot, replied=None):
        channel = world.home.channels[ids.ops]
        found = resolve(world, channel, author, content, allowed=allowed, replied=replied)
        return [one.id for one in found.users], found.roles, found.everyone

    return go


def test_everything_counts_for_one_who_may_mention_everyone(find):
    assert find(TEXT) == ([USER], [LEAD_ROLE, STAFF_ROLE], True)


def test_others_reach_only_mentionable_roles_and_never_everyone(find, ids):
    assert find(TEXT, author=ids.recruiter) == ([USER], [LEAD_ROLE], False)


ALLOWED = {
    "nothing": ({"parse": []}, ([], [], False)),
    "an empty object": ({}, ([], [], False)),
    "users": ({"parse": ["users"]}, ([USER], [], False)),
    "roles": ({"parse": ["roles"]}, ([], [LEAD_ROLE, STAFF_ROLE], False)),
    "everyone": ({"parse": ["everyone"]}, ([], [], True)),
    "one role": ({"parse": [], "roles": [LEAD_ROLE]}, ([], [LEAD_ROLE], False)),
    "a user who is not mentioned": ({"users": ["42"]}, ([], [], False)),
}


@pytest.mark.parametrize("what", ALLOWED)
def test_allowed_mentions_narrow_it_down(find, what):
    allowed, expected = ALLOWED[what]
    assert find(TEXT, allowed) == expected


def test_code_mentions_nobody(find):
    assert find(f"`<@{USER}>` ```\n@everyone\n```") == ([], [], False)


def test_the_author_of_a_replied_message_is_mentioned_unless_told_otherwise(find, world, ids):
    admin = world.users[ids.admin]
    assert find("x", replied=admin)[0] == [ids.admin]
    assert find("x", {"parse": ["users"]}, replied=admin)[0] == []
    assert find("x", {"replied_user": True}, replied=admin)[0] == [ids.admin]


def test_nobody_is_listed_twice(find):
    assert find(f"<@{USER}> <@!{USER}>")[0] == [USER]
