"""Hook dispatch at 50 plugins: ours beside pluggy, in one process run. Prints ratios; gates nothing.

Run with ``make bench``. The peers are what one would write on top of pluggy: its own synchronous call, and its
coroutines gathered with an ``asyncio.timeout`` each.
"""

from __future__ import annotations

import asyncio
import gc
import statistics
import time
from collections.abc import Awaitable, Callable
from types import ModuleType
from typing import Any

import pluggy

from coreops.plugins.guard import Guard
from coreops.plugins.hooks import AsyncHooks, HookTable
from coreops.plugins.states import PluginStates
from coreops_hookspecs import PluginState, decide, hookimpl, lifecycle
from coreops_shared.clock import SystemClock

PLUGINS = 50
ROUNDS = 40
CALLS = 20


def plugin() -> ModuleType:
    module = ModuleType("bench")

    @hookimpl
    async def coreops_ready(ctx: Any) -> None:
        return None

    @hookimpl
    def coreops_authorize(request: Any) -> None:
        return None

    module.coreops_ready = coreops_ready  # type: ignore[attr-defined]
    module.coreops_authorize = coreops_authorize  # type: ignore[attr-defined]
    return module


def ours() -> AsyncHooks:
    clock = SystemClock()
    states = PluginStates(clock, lambda _old, _new: None)
    guard = Guard(clock, states, lambda _fault: None)
    table = HookTable(guard)
    for number in range(PLUGINS):
        name = f"p{number}"
        states.discover(name)
        states.change(name, PluginState.ACTIVE)
        table.register(plugin(), name)
        table.begin(name)
    return AsyncHooks(table, guard, lambda name: name)


def theirs() -> pluggy.PluginManager:
    manager = pluggy.PluginManager("coreops")
    manager.add_hookspecs(lifecycle)
    manager.add_hookspecs(decide)
    for number in range(PLUGINS):
        manager.register(plugin(), f"p{number}")
    return manager


async def timed(call: Callable[[], Awaitable[Any]]) -> float:
    """Return microseconds per implementation of one batch."""
    began = time.perf_counter()
    for _ in range(CALLS):
        await call()
    return (time.perf_counter() - began) / CALLS / PLUGINS * 1e6


async def main() -> None:
    """Measure in interleaved batches and print the medians."""
    hooks, manager = ours(), theirs()

    async def pluggy_concurrent() -> None:
        async def bounded(call: Awaitable[Any]) -> None:
            async with asyncio.timeout(30):
                await call

        calls = manager.hook.coreops_ready(ctx=None)
        await asyncio.gather(*(bounded(call) for call in calls), return_exceptions=True)

    async def our_concurrent() -> None:
        await hooks.gather("coreops_ready")

    async def pluggy_sync() -> None:
        manager.hook.coreops_authorize(request=None)

    async def our_sync() -> None:
        hooks.first("coreops_authorize", None)

    cases = {
        "concurrent": (our_concurrent, pluggy_concurrent, 0.35),
        "synchronous": (our_sync, pluggy_sync, 0.2),
    }
    gc.collect()
    gc.freeze()
    for name, (mine, peer, target) in cases.items():
        figures: dict[str, list[float]] = {"ours": [], "pluggy": []}
        for _ in range(ROUNDS):
            figures["ours"].append(await timed(mine))
            figures["pluggy"].append(await timed(peer))
        our_us, peer_us = statistics.median(figures["ours"]), statistics.median(figures["pluggy"])
        print(f"{name:>12}: {our_us:6.2f} us, pluggy {peer_us:6.2f} us, ratio {our_us / peer_us:.2f} (aim {target})")


if __name__ == "__main__":
    asyncio.run(main())
