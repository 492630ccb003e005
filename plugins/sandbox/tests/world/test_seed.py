from __future__ import annotations

import dataclasses

import hikari
import pytest

from coreops_sandbox.world.permissions import Permission, in_guild
from coreops_sandbox.world.seed import SeedIds, default_world


def test_the_promised_channels_roles_and_members_are_there(world):
    guild = world.home
    assert [one.name for one in guild.plain_channels] == ["general", "ops", "log", "recruiters", "tickets"]
    assert {one.name for one in guild.roles.values()} >= {"recruiter", "lead", "staff", "admin", "administrator"}
    people = {one.user.username for one in guild.members.values() if not one.user.bot}
    assert people == {"owner", "user", "recruiter", "lead", "staff", "admin", "administrator", "tamsin", "bram"}


def test_the_owner_of_the_guild_owns_the_application_too(world, ids):
    assert world.home.owner_id == world.application.owner.id == ids.owner


def test_only_the_administrator_is_one_by_permission(world, ids):
    granted = {who: in_guild(world.home, member) for who, member in world.home.members.items()}
    assert {who for who, bits in granted.items() if bits & Permission.ADMINISTRATOR} == {ids.administrator, ids.owner}


def test_the_ids_are_distinct_but_for_the_bot_and_its_application():
    values = dataclasses.astuple(SeedIds())
    assert len(set(values)) == len(values) - 1


def test_two_worlds_share_nothing(world, ids):
    other = default_world()
    other.home.members.pop(ids.user)
    assert ids.user in world.home.members


@pytest.fixture
def factory():
    return hikari.impl.EntityFactoryImpl(hikari.impl.RESTApp())


def test_hikari_reads_the_guild_as_the_gateway_sends_it(world, factory, ids):
    definition = factory.deserialize_gateway_guild(
        world.guild_create(world.home), user_id=hikari.Snowflake(int(ids.bot))
    )
    assert definition.guild().name == "CoreOps Sandbox"
    assert {one.name for one in definition.channels().values()} == {"general", "ops", "log", "recruiters", "tickets"}
    assert definition.members()[hikari.Snowflake(int(ids.staff))].role_ids[0] == int(ids.staff_role)
    assert (len(definition.roles()), len(definition.threads())) == (7, 0)


def test_hikari_reads_the_bots_own_user(world, factory, ids):
    assert factory.deserialize_my_user(world.ready_user()).id == int(ids.bot)


def test_the_token_names_the_bot_and_holds_no_secret(world):
    assert world.token.endswith("this-token-opens-nothing-but-the-local-sandbox")
    assert default_world().token == world.token
