"""``coreops plugins bisect`` names the plugin without which the bot comes up, over real boots."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from typing import Any

from coreops_sandbox.launcher import environment

ENDS = ("import annotations", "import annotations\n\nimport os\n\nos._exit(9)")


async def test_the_plugin_that_ends_the_process_is_named(
    sandbox: Any, sample_workbook: Path, tmp_path: Path, every_kind: Any
) -> None:
    every_kind(replaced=ENDS)
    settings = environment(sandbox, workbook=sample_workbook, state_dir=tmp_path / "state", http_port=0)
    own = {"PYTHONPATH": str(tmp_path / "site"), "COREOPS_PLUGINS": "every,recruitment"}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "coreops", "plugins", "bisect", "--timeout", "30",
        env={"PATH": os.environ["PATH"], **settings, **own},
        cwd=tmp_path,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    async with asyncio.timeout(120):
        out, _ = await process.communicate()
    said = out.decode()
    assert process.returncode == 1, said
    assert "boot 1 with every, recruitment: ended with exit code 9" in said
    assert "boot 2 with no plugins: comes up" in said
    assert "this plugin keeps the bot from coming up: every" in said
    assert "COREOPS_PLUGINS_BLOCKED=every coreops run" in said
    assert not (tmp_path / "state").exists()
