"""Rate limits, on a clock that the test moves."""

from __future__ import annotations

import math

import hikari
import pytest

from coreops_sandbox.rest.ratelimit import Budget, Limiter, Limits

OPS = "/channels/1090000000000000202/messages"
LOG = "/channels/1090000000000000203/messages"


@pytest.fixture
def limits() -> Limits:
    return Limits.strict()


async def send(http, path=OPS):
    return await http("POST", path, {"content": "x"})


async def test_every_answer_tells_what_is_left(http, clock):
    first, second = await send(http), await send(http)
    assert [one.headers["X-RateLimit-Remaining"] for one in (first, second)] == ["4", "3"]
    assert first.headers["X-RateLimit-Limit"] == "5"
    assert float(first.headers["X-RateLimit-Reset"]) == pytest.approx(clock.now + 5)
    assert float(first.headers["X-RateLimit-Reset-After"]) == pytest.approx(5)
    assert "X-RateLimit-Scope" not in first.headers


async def test_the_sixth_message_in_five_seconds_is_429_and_later_ones_pass(http, clock):
    for _ in range(5):
        assert (await send(http)).status == 200
    clock.advance(1.5)
    refused = await send(http)
    assert refused.status == 429
    assert refused.body == {"message": "You are being rate limited.", "retry_after": 3.5, "global": False}
    assert (refused.headers["Retry-After"], refused.headers["X-RateLimit-Scope"]) == ("4", "user")
    assert refused.headers["X-RateLimit-Remaining"] == "0"
    clock.advance(3.5)
    assert (await send(http)).status == 200


async def test_channels_count_apart_but_share_the_buckets_name(http):
    for _ in range(5):
        await send(http)
    other = await send(http, LOG)
    assert other.status == 200
    assert other.headers["X-RateLimit-Bucket"] == (await send(http)).headers["X-RateLimit-Bucket"]


async def test_errors_count_and_carry_the_headers(http):
    for _ in range(5):
        assert (await http("POST", OPS, {})).headers["X-RateLimit-Limit"] == "5"
    assert (await http("POST", OPS, {})).status == 429


async def test_fifty_requests_a_second_are_the_global_limit(http, clock):
    for number in range(50):
        assert (await http("GET", f"/guilds/{number}")).status == 404
    refused = await http("GET", "/users/@me")
    assert (refused.status, refused.body["global"]) == (429, True)
    assert (refused.headers["X-RateLimit-Global"], refused.headers["X-RateLimit-Scope"]) == ("true", "global")
    clock.advance(1)
    assert (await http("GET", "/users/@me")).status == 200


async def test_interactions_are_free_of_the_global_limit(http):
    for number in range(51):
        await http("GET", f"/guilds/{number}")
    callback = await http("POST", "/interactions/1/x/callback", {"type": 4})
    assert callback.code == 10062
    assert not [name for name in callback.headers if name.startswith("X-RateLimit")]


async def test_reactions_share_one_bucket_for_adding_and_removing(http, people):
    message = people.say("user", "ops", "hi")
    path = f"{OPS}/{message.id}/reactions/%F0%9F%91%8D/@me"
    added = await http("PUT", path)
    removed = await http("DELETE", path)
    assert (added.status, removed.status) == (204, 429)
    assert added.headers["X-RateLimit-Bucket"] == removed.headers["X-RateLimit-Bucket"]


async def test_hikari_learns_the_bucket_and_waits_instead_of_failing(rest, clock):
    sent = [await rest.create_message(1090000000000000202, str(number)) for number in range(3)]
    assert len(sent) == 3
    assert isinstance(sent[0], hikari.Message)


def test_a_window_opens_with_the_first_request_and_ends_after_its_length():
    now = [100.0]
    limiter = Limiter(Limits(requests=Budget(99, 1), other=Budget(2, 10)), lambda: now[0])
    assert limiter.check("GET /x", "").headers["X-RateLimit-Reset"] == "110.000"
    now[0] = 109.9
    assert limiter.check("GET /x", "").retry_after is None
    assert limiter.check("GET /x", "").retry_after == pytest.approx(0.1)
    now[0] = 110.0
    assert limiter.check("GET /x", "").retry_after is None


def test_the_generous_limits_are_ten_times_the_strict_ones():
    strict, generous = Limits.strict(), Limits.generous()
    assert generous.requests.limit == 10 * strict.requests.limit
    for name, budget in strict.routes.items():
        assert generous.routes[name].limit == 10 * budget.limit
        assert math.isclose(generous.routes[name].per, budget.per)
