"""Boot the system that ``make run`` boots, walk the tour in Chromium, and keep its pictures in ``docs/tour``."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from typing import Final

from coreops.testing import boot
from coreops_sandbox.launcher import environment
from coreops_sandbox.server import Sandbox
from coreops_sandbox.workbook import copy_sample
from tools.tour.walk import STEPS, chat_page, take

PICTURES: Final = Path(__file__).resolve().parents[2] / "docs" / "tour"

KEPT: Final = {
    "/clan tag:EMB": "card",
    "!clansearch": "search",
    "!reserve EMB @user 7": "reserve",
    "/thread name:I look for a clan": "ticket",
    "!report recruiters": "report",
    "!ops health": "health",
}
"""Steps whose picture the README shows, with the picture's name."""


async def main() -> None:
    """Write the pictures anew."""
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        book, state = Path(folder, "workbook"), Path(folder, "state")
        copy_sample(book)
        async with Sandbox() as sandbox:
            running = await boot(env=environment(sandbox, workbook=book, state_dir=state, http_port=0))
            try:
                async with chat_page(sandbox.url, color_scheme="dark") as page:
                    for step in STEPS:
                        await take(page, step)
                        name = KEPT.get(step["line"])
                        if name:
                            await page.wait_for_function("[...document.images].every((image) => image.complete)")
                            await page.screenshot(path=PICTURES / f"{name}.png")
                            print(f"docs/tour/{name}.png")
            finally:
                await running.stop()


asyncio.run(main())
