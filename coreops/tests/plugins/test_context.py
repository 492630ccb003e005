from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from coreops.plugins.context import ContextFactory, Services
from coreops_hookspecs import Capability, PluginContext
from coreops_hookspecs.errors import CapabilityError
from coreops_hookspecs.telemetry import Event, Noted
from coreops_shared import trace


class Sheets:
    def __init__(self) -> None:
        self.appended: list[Any] = []

    async def read(self, spreadsheet: str, tab: str) -> str:
        return f"{spreadsheet}!{tab}"

    async def read_many(self, *_: Any) -> list[Any]:
        return []

    async def tabs(self, *_: Any) -> list[Any]:
        return []

    headers = modified_at = tabs

    async def append(self, *arguments: Any) -> None:
        self.appended.append(arguments)

    update = upsert = clear = append


class Telemetry:
    def __init__(self) -> None:
        self.events: list[Event] = []
        self.publish = self.events.append
        self.health = self.digest = self.plugins = self.buckets = self.jobs = self.quota = self.recent = lambda *_: ()


class Store(dict[tuple[str, str], str]):
    async def kv_get(self, plugin: str, key: str) -> str | None:
        return self.get((plugin, key))

    async def kv_set(self, plugin: str, key: str, value: str) -> None:
        self[plugin, key] = value

    async def kv_delete(self, plugin: str, key: str) -> None:
        self.pop((plugin, key), None)


@pytest.fixture
def services(world: Any) -> Services:
    used: dict[str, Any] = {"sheets": Sheets(), "telemetry": Telemetry(), "store": Store(), "trace": trace}
    return replace(world.services(), **used, versions={"coreops": "0"})


def factory(services: Services, *needs: Capability) -> ContextFactory:
    return ContextFactory(lambda: services, lambda _: frozenset(needs))


def test_a_context_offers_what_the_contract_promises(world: Any, services: Services) -> None:
    context: PluginContext = factory(services, *Capability)("p")
    promised = {name for name in vars(PluginContext) if not name.startswith("_")}
    assert [name for name in promised if not hasattr(context, name)] == []
    assert context.now() == world.clock.now()


GATED = {
    "sheets": Capability.SHEETS_READ,
    "outbox": Capability.SHEETS_WRITE,
    "state": Capability.STATE,
    "http": Capability.HTTP,
    "scheduler": Capability.SCHEDULER,
    "operations": Capability.OPERATIONS,
}
FREE = {
    "plugin", "log", "trace", "config", "toggles", "cache", "telemetry", "tasks", "discord", "commands", "versions",
    "now", "controls", "hooks",
}  # fmt: skip


def test_every_service_is_either_free_or_behind_a_capability() -> None:
    promised = {name for name in vars(PluginContext) if not name.startswith("_")}
    assert promised == FREE | GATED.keys()


@pytest.mark.parametrize(("service", "capability"), GATED.items())
def test_a_service_is_given_to_whoever_declared_its_capability_and_refused_to_all_others(
    services: Services, service: str, capability: Capability
) -> None:
    getattr(factory(services, capability)("p"), service)
    others = set(Capability) - {capability}
    with pytest.raises(
        CapabilityError, match=rf"'p' used '{capability.value}' undeclared; add it to PluginInfo\.needs"
    ):
        getattr(factory(services, *others)("p"), service)


@pytest.mark.parametrize("service", sorted(FREE))
def test_the_other_services_need_no_capability(services: Services, service: str) -> None:
    getattr(factory(services)("p"), service)


async def test_reading_sheets_does_not_allow_writing_them(services: Services) -> None:
    context = factory(services, Capability.SHEETS_READ)("p")
    assert await context.sheets.read("s", "t") == "s!t"
    with pytest.raises(CapabilityError, match=r"sheets\.write"):
        await context.sheets.append("s", "t", [["x"]])


async def test_declared_writing_reaches_the_facade(services: Services) -> None:
    context = factory(services, Capability.SHEETS_READ, Capability.SHEETS_WRITE)("p")
    await context.sheets.append("s", "t", [["x"]])
    assert services.sheets.appended == [("s", "t", [["x"]])]  # type: ignore[attr-defined]


async def test_durable_values_are_kept_apart_by_plugin(services: Services) -> None:
    make = factory(services, Capability.STATE)
    await make("a").state.set("k", "1")
    assert await make("b").state.get("k") is None
    assert await make("a").state.get("k") == "1"
    await make("a").state.delete("k")
    assert await make("a").state.get("k") is None


async def test_a_task_runs_guarded_and_is_in_the_ledger_until_it_ends(world: Any, services: Services) -> None:
    world.active("p")
    release = asyncio.Event()
    task = factory(services)("p").tasks.start(release.wait(), name="poll")
    await asyncio.sleep(0)
    assert world.ledger.counts("p") == {"task": 1}
    release.set()
    assert await task is True
    await asyncio.sleep(0)
    assert world.ledger.counts("p") == {}


async def test_a_task_that_fails_is_a_fault_and_ends_with_its_error(world: Any, services: Services) -> None:
    world.active("p")

    async def broken() -> None:
        raise ValueError("bad")

    task = factory(services)("p").tasks.start(broken(), name="poll")
    with pytest.raises(ValueError, match="bad"):
        await task
    assert [fault.what for fault in world.faults] == ["p.poll#1"]


async def test_a_task_of_a_plugin_that_does_not_serve_is_refused(services: Services) -> None:
    task = factory(services)("ghost").tasks.start(asyncio.sleep(0), name="poll")
    with pytest.raises(RuntimeError, match="not installed"):
        await task


async def test_closing_a_context_ends_its_tasks_and_closes_its_session(world: Any, services: Services) -> None:
    world.active("p")
    make = factory(services, Capability.HTTP)
    context = make("p")
    session = context.http.session
    task = context.tasks.start(asyncio.Event().wait(), name="forever")
    await asyncio.sleep(0)
    assert make.take("p") is context
    assert await context.close() == ()
    assert task.cancelled()
    assert session.closed
    assert make("p") is not context


def test_a_note_carries_the_plugin_the_trace_and_the_actor(services: Services) -> None:
    context = factory(services)("p")
    with trace.span("t" * 32), trace.acting("user:7"):
        context.telemetry.note("synced", rows=3)
    context.telemetry.note("idle")
    first, second = services.telemetry.events  # type: ignore[attr-defined]
    assert isinstance(first, Noted)
    assert (first.plugin, first.name, first.values, first.actor) == ("p", "synced", (("rows", 3),), "user:7")
    assert second.actor == "plugin:p"
