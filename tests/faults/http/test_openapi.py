"""The HTTP addresses against their OpenAPI document, with whatever a fuzzer sends."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

import pytest

DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "reference" / "openapi.json"


@pytest.mark.fault(
    "requests that nobody would send: other methods, wild headers and queries",
    users="nothing",
    operator="refusals in the log",
    recovery="each is refused with a JSON error that tells a reference and no version",
)
async def test_every_answer_is_as_the_document_says_whatever_is_sent(stage: Any, tmp_path: Path) -> None:
    scene = await stage()
    await fuzz(scene, tmp_path, "--max-examples", "40", "--phases", "coverage,fuzzing")
    await scene.serves()


@pytest.mark.fault(
    "orders about plugins that nobody would give, by somebody who may",
    users="nothing",
    operator="refusals in the log and in the audit trail",
    recovery="each is refused with the reason",
)
async def test_orders_are_answered_as_the_document_says_whatever_they_say(stage: Any, tmp_path: Path) -> None:
    scene = await stage()
    key = (scene.bot.state_dir / "admin-key").read_text()
    asks = ("--include-path-regex", "^/admin/", "--header", f"Authorization: Bearer {key}")
    await fuzz(scene, tmp_path, *asks, "--max-examples", "40", "--phases", "fuzzing")
    await scene.serves()


async def fuzz(scene: Any, folder: Path, *options: str) -> None:
    command = [
        str(Path(sys.executable).with_name("schemathesis")), "run", str(DOCUMENT), "--url", scene.bot.http_url,
        "--seed", "1", "--no-color", *options,
        # 503 is an answer here, and documented; ours is to refuse what is wrong, with whichever reason comes first
        "--exclude-checks", "not_a_server_error,negative_data_rejection,positive_data_acceptance,ignored_auth",
    ]  # fmt: skip
    process = await asyncio.create_subprocess_exec(
        *command, cwd=folder, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    async with asyncio.timeout(90):
        said, _ = await process.communicate()
    assert process.returncode == 0, said.decode()
