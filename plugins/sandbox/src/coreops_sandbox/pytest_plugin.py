"""pytest fixtures for authors of plugins: `sandbox`, `boot` and `chat`.

Nothing is imported beyond pytest until a fixture is used: this file is loaded in every project that has the
sandbox installed, also in those that never ask for it, and before coverage starts to measure.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import pytest

try:
    from pytest_asyncio import fixture as async_fixture
except ImportError:  # pytest itself then says that async fixtures need an async plugin, and which test asked
    async_fixture = pytest.fixture  # type: ignore[assignment]

if TYPE_CHECKING:
    from coreops_sandbox.chat import Chat
    from coreops_sandbox.server import Sandbox
    from coreops_sandbox.workbook import Workbook


@dataclass(frozen=True, slots=True)
class Bot:
    """A runtime that serves the sandbox.

    Attributes:
        chat: Speaks to it.
        sandbox: The Discord it is connected to.
        http_url: Its status pages, without a trailing slash.
        state_dir: What survives a restart.
        running: The runtime itself, as `coreops.testing.boot` gave it.
    """

    chat: Chat
    sandbox: Sandbox
    http_url: str
    state_dir: Path
    running: Any

    async def stop(self) -> None:
        """Stop the runtime now; the fixture does it otherwise."""
        await self.running.stop()


class Boot(Protocol):
    """Boots a runtime; what the fixture `boot` gives."""

    async def __call__(
        self,
        *,
        plugins: Sequence[object | str] | None = None,
        workbook: Workbook | None = None,
        env: Mapping[str, str] | None = None,
        clock: Any = None,
    ) -> Bot:
        """Boot a runtime and wait until it serves.

        Args:
            plugins: Modules, objects or entry-point names; None for the installed ones.
            workbook: Tabs to lay over the sample workbook: `{"recruitment": {"clans": "csv text or rows"}}`.
            env: Settings over those that the sandbox needs.
            clock: A `coreops_shared.clock.Clock`, for a bot whose time passes otherwise than the machine's.
        """


@async_fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    """A local Discord on a free port."""
    from coreops_sandbox.server import Sandbox

    async with Sandbox() as running:
        yield running


@async_fixture
async def boot(sandbox: Sandbox, tmp_path: Path) -> AsyncIterator[Boot]:
    """A factory of runtimes on the `sandbox`; what it booted stops at the end of the test, the last one first."""
    from coreops_sandbox.chat import Chat

    async with AsyncExitStack() as stack:
        chat = await stack.enter_async_context(Chat(sandbox.url))

        async def start(
            *,
            plugins: Sequence[object | str] | None = None,
            workbook: Workbook | None = None,
            env: Mapping[str, str] | None = None,
            clock: Any = None,
        ) -> Bot:
            running = await _boot(sandbox, tmp_path, plugins, workbook or {}, env or {}, clock=clock)
            stack.push_async_callback(running.stop)
            return Bot(chat, sandbox, running.http_url, running.state_dir, running)

        yield start


@async_fixture
async def chat(boot: Boot) -> Chat:
    """A chat with a runtime that has the installed plugins and the sample workbook."""
    return (await boot()).chat


async def _boot(
    sandbox: Sandbox,
    folder: Path,
    plugins: Sequence[object | str] | None,
    workbook: Workbook,
    env: Mapping[str, str],
    *,
    clock: Any,
) -> Any:
    from coreops.testing import boot as boot_runtime
    from coreops_sandbox.launcher import environment
    from coreops_sandbox.workbook import copy_sample, lay_over

    copy_sample(folder / "workbook")
    lay_over(folder / "workbook", workbook)
    own = environment(sandbox, workbook=folder / "workbook", state_dir=folder / "state", http_port=0)
    return await boot_runtime(env={**own, **env}, plugins=plugins, clock=clock)
