"""One trace id from cause to effect."""

from __future__ import annotations

import asyncio

import pytest

from coreops_hookspecs import Trace
from coreops_shared import trace


def test_a_new_id_is_32_hexadecimal_digits_and_valid() -> None:
    first, second = trace.new(), trace.new()
    assert first != second
    assert len(first) == 32
    assert int(first, 16)
    assert trace.valid(first)


def test_a_span_is_active_inside_its_block_and_nests() -> None:
    assert trace.current() == ""
    with trace.span("outer-id") as outer:
        assert trace.current() == outer == "outer-id"
        with trace.span() as inner:
            assert trace.current() == inner != outer
        assert trace.current() == outer
    assert trace.current() == ""


def test_a_span_ends_when_its_block_raises() -> None:
    with pytest.raises(ZeroDivisionError), trace.span(), trace.acting("cron"):
        _ = 1 / 0
    assert (trace.current(), trace.actor()) == ("", "")


async def test_tasks_and_threads_inherit_trace_and_actor() -> None:
    with trace.span("0123456789abcdef"), trace.acting("user:7"):
        task = asyncio.create_task(asyncio.to_thread(lambda: (trace.current(), trace.actor())))
    assert await task == ("0123456789abcdef", "user:7")


@pytest.mark.parametrize("text", ["short", "x" * 65, "has space in it", "line\nbreak-id", "ümlaut-trace", ""])
def test_a_malformed_inbound_id_is_not_valid(text: str) -> None:
    assert not trace.valid(text)


ID, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"


@pytest.mark.parametrize("header", [f"00-{ID}-{SPAN}-01", f" 00-{ID}-{SPAN}-00", f"01-{ID}-{SPAN}-01-what-later-adds"])
def test_the_id_of_a_well_formed_traceparent_is_taken(header: str) -> None:
    assert trace.of_parent(header) == ID


@pytest.mark.parametrize(
    "header",
    [
        "",
        ID,
        f"00-{ID}-{SPAN}",
        f"00-{ID}-{SPAN}-01-more",
        f"00-{ID.upper()}-{SPAN}-01",
        f"00-{'0' * 32}-{SPAN}-01",
        f"00-{ID}-{'0' * 16}-01",
        f"ff-{ID}-{SPAN}-01",
        f"01-{ID}-{SPAN}-01more",
        f"0-{ID}-{SPAN}-01",
        f"00-{ID[:-1]}g-{SPAN}-01",
        f"00-{ID}-{SPAN}-01\nx",
    ],
)
def test_a_malformed_traceparent_gives_no_id(header: str) -> None:
    assert trace.of_parent(header) is None


def test_the_module_is_the_trace_service_of_plugins() -> None:
    service: Trace = trace
    with service.span("abcdefgh") as active:
        assert service.current() == active
