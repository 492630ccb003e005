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
    command = [
        str(Path(sys.executable).with_name("schemathesis")), "run", str(DOCUMENT), "--url", scene.bot.http_url,
        "--max-examples", "40", "--seed", "1", "--phases", "coverage,fuzzing", "--no-color",
        # 503 is an answer here, and documented; nothing that a request may bring is ever wrong, so none is refused
        "--exclude-checks", "not_a_server_error,negative_data_rejection,positive_data_acceptance,ignored_auth",
    ]  # fmt: skip
    process = await asyncio.create_subprocess_exec(
        *command, cwd=tmp_path, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    async with asyncio.timeout(90):
        said, _ = await process.communicate()
    assert process.returncode == 0, said.decode()
    await scene.serves()
