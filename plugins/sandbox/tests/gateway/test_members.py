"""Op 8."""

from __future__ import annotations

import pytest

from coreops_sandbox.gateway.codes import ProtocolError
from coreops_sandbox.gateway.frames import RequestMembers
from coreops_sandbox.gateway.members import chunks
from coreops_sandbox.world.events import Intents
from coreops_sandbox.world.guilds import Guild
from coreops_sandbox.world.seed import SEED, default_world
from coreops_sandbox.world.users import Member, User

ALL = Intents.GUILD_MEMBERS | Intents.GUILD_PRESENCES


@pytest.fixture
def guild() -> Guild:
    return default_world().home


def test_the_whole_list_comes_in_chunks_of_a_thousand(guild: Guild) -> None:
    for number in range(2000):
        user = User(str(10_000 + number), f"guest{number}")
        guild.members[user.id] = Member(user, 0.0)
    answer = list(chunks(guild, RequestMembers(guild.id, query="", limit=0, nonce="n"), ALL))
    assert [len(chunk["members"]) for chunk in answer] == [1000, 1000, len(guild.members) - 2000]
    assert [(chunk["chunk_index"], chunk["chunk_count"], chunk["nonce"]) for chunk in answer] == [
        (0, 3, "n"),
        (1, 3, "n"),
        (2, 3, "n"),
    ]


def test_the_whole_list_without_the_members_intent_ends_with_4014(guild: Guild) -> None:
    with pytest.raises(ProtocolError) as caught:
        list(chunks(guild, RequestMembers(guild.id, query="", limit=0), Intents.GUILDS))
    assert caught.value.code == 4014


def test_a_query_matches_the_beginning_of_names_up_to_its_limit(guild: Guild) -> None:
    [chunk] = chunks(guild, RequestMembers(guild.id, query="ADM", limit=5), Intents(0))
    assert [member["user"]["username"] for member in chunk["members"]] == ["admin", "administrator"]
    [chunk] = chunks(guild, RequestMembers(guild.id, query="adm", limit=1), Intents(0))
    assert len(chunk["members"]) == 1


def test_unknown_ids_are_named_and_a_nonce_that_is_too_long_is_left_out(guild: Guild) -> None:
    request = RequestMembers(guild.id, user_ids=[SEED.admin, "1"], nonce="n" * 33)
    [chunk] = chunks(guild, request, Intents(0))
    assert [member["user"]["id"] for member in chunk["members"]] == [SEED.admin]
    assert chunk["not_found"] == ["1"]
    assert "nonce" not in chunk


def test_nobody_found_is_still_one_chunk(guild: Guild) -> None:
    [chunk] = chunks(guild, RequestMembers(guild.id, query="nobody", limit=3), Intents(0))
    assert (chunk["members"], chunk["chunk_count"]) == ([], 1)


def test_presences_need_their_intent(guild: Guild) -> None:
    request = RequestMembers(guild.id, user_ids=SEED.admin, presences=True)
    assert "presences" not in next(chunks(guild, request, Intents(0)))
    assert next(chunks(guild, request, ALL))["presences"] == []


def test_a_request_for_nothing_ends_with_4002(guild: Guild) -> None:
    with pytest.raises(ProtocolError) as caught:
        list(chunks(guild, RequestMembers(guild.id), ALL))
    assert caught.value.code == 4002
