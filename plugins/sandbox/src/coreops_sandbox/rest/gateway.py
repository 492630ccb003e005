"""Where the gateway is, and who the bot is (Discord docs, Gateway, User, Application)."""

from __future__ import annotations

from typing import Any

from coreops_sandbox.world import permissions

from .call import Call, page
from .routing import Route

_SESSIONS_A_DAY = 1000


async def gateway(call: Call) -> Any:
    return {"url": call.world.gateway_url}


async def gateway_bot(call: Call) -> Any:
    """Discord docs, Gateway, "Session Start Limit Object": the reset is in milliseconds."""
    left = max(_SESSIONS_A_DAY - call.world.identifies, 0)
    limit = {"total": _SESSIONS_A_DAY, "remaining": left, "reset_after": 86_400_000, "max_concurrency": 1}
    return {"url": call.world.gateway_url, "shards": 1, "session_start_limit": limit}


async def me(call: Call) -> Any:
    return call.world.ready_user()


async def edit_me(call: Call) -> Any:
    form = await call.form()
    name = form.text("username", low=2, high=32)
    form.problems.raise_if_any()
    call.bot.username = name or call.bot.username
    return call.world.ready_user()


async def user(call: Call) -> Any:
    return call.user().payload()


async def my_guilds(call: Call) -> Any:
    guilds: list[dict[str, Any]] = [
        {
            "id": guild.id,
            "name": guild.name,
            "icon": None,
            "banner": None,
            "owner": guild.owner_id == call.bot.id,
            "permissions": str(permissions.in_guild(guild, call.world.bot_member(guild))),
            "features": [],
            "approximate_member_count": len(guild.members),
            "approximate_presence_count": len(guild.members),
        }
        for guild in call.world.guilds.values()
    ]
    return page(guilds, call, default=200, high=200)


async def application(call: Call) -> Any:
    return call.world.application.payload(len(call.world.guilds))


ROUTES = (
    Route("GET", "/gateway", gateway, authorized=False),
    Route("GET", "/gateway/bot", gateway_bot),
    Route("GET", "/users/@me", me),
    Route("PATCH", "/users/@me", edit_me),
    Route("GET", "/users/@me/guilds", my_guilds),
    Route("GET", "/users/{user}", user),
    Route("GET", "/oauth2/applications/@me", application),
    Route("GET", "/applications/@me", application),
)
