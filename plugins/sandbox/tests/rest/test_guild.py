"""The guild, its roles, members and bans."""

from __future__ import annotations

import datetime as dt

import hikari
import pytest

from coreops_sandbox.world.permissions import Permission

GUILD = 1090000000000000100


async def test_hikari_reads_the_guild(rest, ids):
    guild = await rest.fetch_guild(GUILD)
    assert (guild.name, str(guild.owner_id)) == ("CoreOps Sandbox", ids.owner)
    assert guild.approximate_member_count == 10
    assert guild.roles[int(ids.bot_role)].bot_id == int(ids.bot)


async def test_an_unknown_guild_is_10004(http):
    assert (await http("GET", "/guilds/42")).code == 10004


async def test_a_role_is_created_lowest_edited_moved_and_deleted(rest, seen, ids):
    role = await rest.create_role(GUILD, name="ember", color=0xE67E22, mentionable=True, permissions=0)
    assert (role.position, role.color, role.is_mentionable) == (1, 0xE67E22, True)
    assert (await rest.fetch_role(GUILD, int(ids.recruiter_role))).position == 2
    edited = await rest.edit_role(GUILD, role, name="embers", hoist=True)
    assert (edited.name, edited.is_hoisted) == ("embers", True)
    await rest.reposition_roles(GUILD, {3: role})
    assert (await rest.fetch_role(GUILD, role)).position == 3
    await rest.delete_role(GUILD, role)
    assert role.id not in {one.id for one in await rest.fetch_roles(GUILD)}
    assert {"GUILD_ROLE_CREATE", "GUILD_ROLE_UPDATE", "GUILD_ROLE_DELETE"} <= set(seen.names())


async def test_a_role_is_given_and_taken_with_an_update_of_the_member(rest, seen, ids):
    await rest.add_role_to_member(GUILD, int(ids.user), int(ids.recruiter_role))
    assert int(ids.recruiter_role) in (await rest.fetch_member(GUILD, int(ids.user))).role_ids
    assert seen.last("GUILD_MEMBER_UPDATE").data["roles"] == [ids.recruiter_role]
    await rest.remove_role_from_member(GUILD, int(ids.user), int(ids.recruiter_role))
    assert seen.last("GUILD_MEMBER_UPDATE").data["roles"] == []


async def test_a_deleted_role_leaves_its_members(rest, ids):
    await rest.delete_role(GUILD, int(ids.recruiter_role))
    assert int(ids.recruiter_role) not in (await rest.fetch_member(GUILD, int(ids.recruiter))).role_ids


async def test_managed_roles_and_everyone_cannot_be_given(http, ids):
    for role_id in (ids.bot_role, ids.guild):
        answer = await http("PUT", f"/guilds/{GUILD}/members/{ids.user}/roles/{role_id}")
        assert (answer.status, answer.code) == (400, 50028)


async def test_a_member_is_edited(rest, ids, grant, clock, people):
    grant(add=Permission.MODERATE_MEMBERS)
    until = dt.datetime.fromtimestamp(clock.now + 600, dt.UTC)
    roles = [int(ids.recruiter_role)]
    member = await rest.edit_member(
        GUILD, int(ids.user), nickname="Nick", roles=roles, communication_disabled_until=until
    )
    assert (member.nickname, member.raw_communication_disabled_until) == ("Nick", until)
    assert int(ids.recruiter_role) in member.role_ids
    with pytest.raises(Exception, match="user lacks SEND_MESSAGES in channel 'ops'"):
        people.say("user", "ops", "let me speak")
    clock.advance(601)
    assert people.say("user", "ops", "again").content == "again"


async def test_a_timeout_lasts_28_days_at_most_and_never_hits_an_administrator(http, ids, grant, clock, world):
    grant(add=Permission.MODERATE_MEMBERS)
    late = dt.datetime.fromtimestamp(clock.now + 29 * 86_400, dt.UTC).isoformat()
    path = f"/guilds/{GUILD}/members/{ids.user}"
    assert (await http("PATCH", path, {"communication_disabled_until": late})).code == 50035
    world.home.roles[ids.administrator_role].position = 1
    world.home.roles[ids.bot_role].position = 9
    path = f"/guilds/{GUILD}/members/{ids.administrator}"
    assert (await http("PATCH", path, {"communication_disabled_until": None})).code == 50013


async def test_members_are_listed_in_pages_and_found_by_name(rest, http):
    names = [one.username async for one in rest.fetch_members(GUILD)]
    everybody = ["CoreOps", "admin", "administrator", "bram", "lead", "owner", "recruiter", "staff", "tamsin", "user"]
    assert sorted(names) == everybody
    first = (await http("GET", f"/guilds/{GUILD}/members?limit=3")).body
    rest_of = (await http("GET", f"/guilds/{GUILD}/members?limit=9&after={first[-1]['user']['id']}")).body
    assert len(first) + len(rest_of) == 10
    assert sorted(one.username for one in await rest.search_members(GUILD, "adm")) == ["admin", "administrator"]
    one = (await http("GET", f"/guilds/{GUILD}/members/search?query=ADM")).body
    assert [member["user"]["username"] for member in one] == ["admin"]


async def test_unknown_users_and_absent_members_differ(http, people, ids):
    assert (await http("GET", f"/guilds/{GUILD}/members/42")).code == 10013
    people.leave("user")
    assert (await http("GET", f"/guilds/{GUILD}/members/{ids.user}")).code == 10007
    assert (await http("GET", f"/users/{ids.user}")).body["username"] == "user"


async def test_a_kick_removes_the_member(rest, seen, grant, ids):
    grant(add=Permission.KICK_MEMBERS)
    await rest.kick_user(GUILD, int(ids.user))
    assert seen.last("GUILD_MEMBER_REMOVE").data["user"]["id"] == ids.user


async def test_a_ban_is_listed_with_its_reason_and_lifted(rest, http, seen, grant, ids):
    grant(add=Permission.BAN_MEMBERS)
    await rest.ban_user(GUILD, int(ids.user), reason="spam")
    ban = await rest.fetch_ban(GUILD, int(ids.user))
    assert (ban.reason, ban.user.username) == ("spam", "user")
    assert [one.user.username async for one in rest.fetch_bans(GUILD)] == ["user"]
    assert {"GUILD_BAN_ADD", "GUILD_MEMBER_REMOVE"} <= set(seen.names())
    await rest.unban_user(GUILD, int(ids.user))
    with pytest.raises(hikari.NotFoundError) as raised:
        await rest.fetch_ban(GUILD, int(ids.user))
    assert raised.value.code == 10026


async def test_the_bot_renames_itself(rest):
    assert (await rest.edit_my_member(GUILD, nickname="Ops")).nickname == "Ops"


async def test_nobody_is_muted_who_is_not_in_voice(http, ids):
    assert (await http("PATCH", f"/guilds/{GUILD}/members/{ids.user}", {"mute": True})).code == 40032


async def test_the_guild_has_no_expressions(rest, http):
    assert list(await rest.fetch_guild_emojis(GUILD)) == []
    assert list(await rest.fetch_guild_stickers(GUILD)) == []
    assert (await http("GET", f"/guilds/{GUILD}/emojis/42")).code == 10014
    assert (await http("GET", f"/guilds/{GUILD}/stickers/42")).code == 10060
    assert (await http("GET", "/applications/1090000000000000001/emojis")).body == {"items": []}


async def test_role_counts_are_told(rest, http, ids):
    counts = (await http("GET", f"/guilds/{GUILD}/roles/member-counts")).body
    assert (counts[ids.staff_role], counts[ids.bot_role]) == (1, 1)
