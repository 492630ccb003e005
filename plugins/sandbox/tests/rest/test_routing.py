"""Authorization, unknown routes, the bot's own data and the CDN."""

from __future__ import annotations

import hikari
import pytest

from coreops_sandbox.rest.app import ROUTES


@pytest.mark.parametrize("header", ["", "Bot wrong", "Bearer x", "wrong"])
async def test_a_missing_or_wrong_token_is_401(http, header):
    answer = await http("GET", "/users/@me", headers={"Authorization": header})
    assert (answer.status, answer.body) == (401, {"message": "401: Unauthorized", "code": 0})


async def test_hikari_sees_a_wrong_token_as_unauthorized(origin):
    app = hikari.RESTApp(url=f"{origin}/api/v10")
    await app.start()
    async with app.acquire("wrong", "Bot") as client:
        with pytest.raises(hikari.UnauthorizedError):
            await client.fetch_my_user()
    await app.close()


async def test_an_unknown_route_and_method_are_answered_as_by_discord(http):
    unknown = await http("GET", "/no/such/route")
    assert (unknown.status, unknown.body) == (404, {"message": "404: Not Found", "code": 0})
    method = await http("PUT", "/users/@me")
    assert (method.status, method.body["message"]) == (405, "405: Method Not Allowed")


async def test_every_route_asks_for_the_token_but_those_with_one_in_their_path(http):
    open_routes = {one.template for one in ROUTES if not one.authorized}
    assert {one for one in open_routes if "{token}" not in one} == {"/gateway"}
    for route in ROUTES:
        if route.authorized:
            path = route.template.replace("{", "").replace("}", "")
            assert (await http(route.method, path, headers={"Authorization": ""})).status == 401


async def test_requests_are_counted_by_method_and_route(http, ids, world):
    for _ in range(2):
        await http("GET", f"/users/{ids.owner}")
    await http("GET", "/users/@me", headers={"Authorization": ""})
    counted = {route: count for route, count in world.requests.items() if route.startswith("GET /users")}
    assert counted == {"GET /users/{user}": 2, "GET /users/@me": 1}


def test_no_route_is_hidden_by_one_before_it():
    seen: list[tuple[str, list[str]]] = []
    for route in ROUTES:
        parts = route.template.split("/")
        for method, earlier in seen:
            same = method == route.method and len(earlier) == len(parts)
            hidden = same and all(old.startswith("{") or old == new for old, new in zip(earlier, parts, strict=True))
            assert not hidden, f"{route.method} {route.template} is hidden by {'/'.join(earlier)}"
        seen.append((route.method, parts))


async def test_hikari_reads_the_gateway_the_user_the_guilds_and_the_application(rest, origin, ids):
    gateway = await rest.fetch_gateway_bot_info()
    assert gateway.url == f"ws{origin.removeprefix('http')}/gateway"
    assert (gateway.shard_count, gateway.session_start_limit.max_concurrency) == (1, 1)
    me = await rest.fetch_my_user()
    assert (me.username, me.is_bot, str(me.id)) == ("CoreOps", True, ids.bot)
    assert [one.name async for one in rest.fetch_my_guilds()] == ["CoreOps Sandbox"]
    application = await rest.fetch_application()
    assert (str(application.owner.id), str(application.id)) == (ids.owner, ids.application)
    assert (await rest.fetch_user(int(ids.user))).username == "user"
    assert (await rest.edit_my_user(username="ops-bot")).username == "ops-bot"


async def test_session_starts_are_counted(http, world):
    world.identifies = 3
    assert (await http("GET", "/gateway/bot")).body["session_start_limit"]["remaining"] == 997


async def test_the_cdn_serves_default_avatars_and_404(http, origin):
    async with http.session.get(f"{origin}/cdn/embed/avatars/3.png") as avatar:
        assert (await avatar.read()).startswith(b"\x89PNG")
        assert avatar.content_type == "image/png"
    async with http.session.get(f"{origin}/cdn/attachments/1/2/x.txt") as missing:
        assert missing.status == 404


async def test_an_uploaded_page_cannot_run_in_the_sandbox(rest, http):
    message = await rest.create_message(
        1090000000000000202, attachment=hikari.Bytes(b"<script>1</script>", "x.html", mimetype="text/html")
    )
    async with http.session.get(message.attachments[0].url) as page:
        assert page.headers["Content-Disposition"].startswith("attachment")
        assert page.headers["Content-Security-Policy"].startswith("sandbox")
        assert page.headers["X-Content-Type-Options"] == "nosniff"


ODD = [
    [],
    "x",
    5,
    [[]],
    [{"id": {}, "position": []}],
    {"type": {}, "data": []},
    {"type": 4, "data": {"content": [], "flags": "x"}},
    {"name": [], "content": {}, "username": 1, "recipient_id": []},
    {"name": "n", "type": [], "permission_overwrites": [1], "parent_id": {}, "nsfw": 1},
    {"roles": {}, "nick": 5, "communication_disabled_until": 5, "messages": {}, "colors": []},
    {"content": "c", "message_reference": [], "sticker_ids": 1, "attachments": {}, "nonce": []},
    {"allow": [], "deny": "x", "delete_message_seconds": "y", "archived": 1, "channel_id": {}},
]


@pytest.mark.parametrize("route", ROUTES, ids=lambda one: f"{one.method} {one.template}")
async def test_no_body_however_odd_breaks_a_route(http, people, ids, route):
    message = people.say("user", "ops", "hi")
    made = (await http("POST", f"/applications/{ids.application}/commands", {"name": "n", "description": "d"})).body
    hook = (await http("POST", f"/channels/{ids.ops}/webhooks", {"name": "n"})).body
    asked = people.slash("user", "ops", "n")
    interacting = route.template.startswith("/interactions")
    places = {
        "channel": ids.ops,
        "guild": ids.guild,
        "message": message.id,
        "user": ids.user,
        "role": ids.recruiter_role,
        "emoji": "%F0%9F%91%8D",
        "application": ids.application,
        "command": made["id"],
        "webhook": hook["id"],
        "token": asked.token if interacting else hook["token"],
        "interaction": asked.id,
        "overwrite": ids.recruiter_role,
        "sticker": "1",
    }
    path = route.template.format(**places)
    for body in ODD:
        answer = await http(route.method, path, body)
        assert answer.status < 500, f"{body} gave {answer.status}"
