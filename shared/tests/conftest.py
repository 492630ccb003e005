"""Fixtures for the ground services."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Callable

import pytest


@pytest.fixture
async def asyncio_errors() -> Callable[[], list[object]]:
    """Collect what the event loop reports, such as exceptions nobody retrieved."""
    errors: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: errors.append(context))

    def collect() -> list[object]:
        gc.collect()
        return errors

    return collect
