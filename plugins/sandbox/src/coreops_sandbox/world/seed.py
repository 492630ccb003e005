"""The default world: one guild with the channels, roles and members that documentation and tests name."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from .application import Application
from .channels import Channel, ChannelType
from .guilds import Guild, Role
from .permissions import Permission
from .users import Member, User
from .world import World

_EVERYONE = (
    Permission.VIEW_CHANNEL
    | Permission.SEND_MESSAGES
    | Permission.EMBED_LINKS
    | Permission.ATTACH_FILES
    | Permission.READ_MESSAGE_HISTORY
    | Permission.ADD_REACTIONS
    | Permission.USE_EXTERNAL_EMOJIS
    | Permission.USE_APPLICATION_COMMANDS
    | Permission.CHANGE_NICKNAME
    | Permission.CREATE_PUBLIC_THREADS
    | Permission.CREATE_PRIVATE_THREADS
    | Permission.SEND_MESSAGES_IN_THREADS
    | Permission.CREATE_INSTANT_INVITE
    | Permission.CONNECT
    | Permission.SPEAK
)
_BOT = (
    Permission.MANAGE_CHANNELS
    | Permission.MANAGE_ROLES
    | Permission.MANAGE_MESSAGES
    | Permission.MANAGE_THREADS
    | Permission.MANAGE_NICKNAMES
    | Permission.MANAGE_WEBHOOKS
    | Permission.PIN_MESSAGES
    | Permission.MENTION_EVERYONE
)
_STAFF = (
    Permission.MANAGE_MESSAGES
    | Permission.MANAGE_NICKNAMES
    | Permission.MODERATE_MEMBERS
    | Permission.KICK_MEMBERS
    | Permission.MANAGE_THREADS
)
_ADMIN = (
    _STAFF
    | Permission.MANAGE_GUILD
    | Permission.MANAGE_CHANNELS
    | Permission.MANAGE_ROLES
    | Permission.BAN_MEMBERS
    | Permission.MENTION_EVERYONE
)


@dataclass(frozen=True, slots=True)
class SeedIds:
    """The fixed ids of the default world, so that settings can name them."""

    application: str = "1090000000000000001"
    bot: str = "1090000000000000001"
    guild: str = "1090000000000000100"
    general: str = "1090000000000000201"
    ops: str = "1090000000000000202"
    log: str = "1090000000000000203"
    recruiters: str = "1090000000000000204"
    tickets: str = "1090000000000000205"
    recruiter_role: str = "1090000000000000301"
    lead_role: str = "1090000000000000302"
    staff_role: str = "1090000000000000303"
    bot_role: str = "1090000000000000304"
    admin_role: str = "1090000000000000305"
    administrator_role: str = "1090000000000000306"
    owner: str = "1090000000000000401"
    user: str = "1090000000000000402"
    recruiter: str = "1090000000000000403"
    lead: str = "1090000000000000404"
    staff: str = "1090000000000000405"
    admin: str = "1090000000000000406"
    administrator: str = "1090000000000000407"
    tamsin: str = "1090000000000000408"
    bram: str = "1090000000000000409"


SEED = SeedIds()


def default_world(clock: Callable[[], float] = time.time, ids: SeedIds = SEED) -> World:
    """A fresh world with the default guild; the guild's owner also owns the application."""
    owner = User(id=ids.owner, username="owner", global_name="Owner")
    bot = User(id=ids.bot, username="CoreOps", discriminator="4242", bot=True)
    application = Application(id=ids.application, name="CoreOps", owner=owner, description="CoreOps in a sandbox.")
    world = World(application, bot, clock)
    guild = Guild(id=ids.guild, name="CoreOps Sandbox", owner_id=owner.id, system_channel_id=ids.general)
    guild.roles = {role.id: role for role in _roles(ids)}
    guild.channels = {channel.id: channel for channel in _channels(ids)}
    for user, roles in [(owner, []), *_people(ids), (bot, [ids.bot_role])]:
        world.users[user.id] = user
        guild.members[user.id] = Member(user=user, joined_at=guild.created_at, roles=roles)
    world.guilds[guild.id] = guild
    return world


def _roles(ids: SeedIds) -> list[Role]:
    return [
        Role(ids.guild, "@everyone", _EVERYONE, 0),
        Role(ids.recruiter_role, "recruiter", 0, 1, 0x3BA55C, mentionable=True),
        Role(ids.lead_role, "lead", 0, 2, 0x3498DB, mentionable=True),
        Role(ids.staff_role, "staff", _STAFF, 3, 0xE67E22, hoist=True),
        Role(ids.bot_role, "CoreOps", _EVERYONE | _BOT, 4, managed=True, bot_id=ids.bot),
        Role(ids.admin_role, "admin", _ADMIN, 5, 0xE74C3C, hoist=True),
        Role(ids.administrator_role, "administrator", Permission.ADMINISTRATOR, 6),
    ]


def _channels(ids: SeedIds) -> list[Channel]:
    names = [
        (ids.general, "general", "Where everyone talks"),
        (ids.ops, "ops", "Commands for operators"),
        (ids.log, "log", "What the bot reports"),
        (ids.recruiters, "recruiters", "Clans and placements"),
        (ids.tickets, "tickets", "Looking for a clan? Start a thread here"),
    ]
    return [
        Channel(id_, ChannelType.TEXT, name, ids.guild, position=position, topic=topic)
        for position, (id_, name, topic) in enumerate(names)
    ]


def _people(ids: SeedIds) -> list[tuple[User, list[str]]]:
    return [
        (User(ids.user, "user", "User"), []),
        (User(ids.recruiter, "recruiter", "Recruiter"), [ids.recruiter_role]),
        (User(ids.lead, "lead", "Lead"), [ids.lead_role]),
        (User(ids.staff, "staff", "Staff"), [ids.staff_role]),
        (User(ids.admin, "admin", "Admin"), [ids.admin_role]),
        (User(ids.administrator, "administrator", "Administrator"), [ids.administrator_role]),
        (User(ids.tamsin, "tamsin", "Tamsin"), []),
        (User(ids.bram, "bram", "Bram"), []),
    ]
