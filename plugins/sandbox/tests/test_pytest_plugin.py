from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

HEAVY = ("hikari", "aiohttp", "lightbulb", "coreops", "msgspec")


def test_loading_the_pytest_plugin_imports_neither_discord_nor_http() -> None:
    code = (
        "import sys, coreops_sandbox.pytest_plugin\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])\n"
        "print([name for name in sys.modules if name.startswith('coreops_sandbox.') and 'pytest_plugin' not in name])\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)

    assert ran.stdout.splitlines() == ["[]", "[]"]


def run_pytest(folder: Path, source: str, *options: str) -> str:
    (folder / "test_it.py").write_text(textwrap.dedent(source), encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "no:cacheprovider",
        "--rootdir",
        str(folder),
        *options,
        "test_it.py",
    ]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=60).stdout


def test_a_project_with_fixtures_of_the_same_names_keeps_its_own(tmp_path: Path) -> None:
    source = """
        import pytest

        @pytest.fixture
        def chat():
            return "mine"

        def test_mine(chat):
            assert chat == "mine"
        """

    assert "1 passed" in run_pytest(tmp_path, source)


def test_the_sandbox_fixture_serves_in_strict_mode_of_pytest_asyncio_too(tmp_path: Path) -> None:
    source = """
        import aiohttp, pytest

        @pytest.mark.asyncio
        async def test_it(sandbox):
            async with aiohttp.ClientSession() as session, session.get(f"{sandbox.url}/sandbox/state") as response:
                assert (await response.json())["guild"]["name"] == "CoreOps Sandbox"
        """

    assert "1 passed" in run_pytest(tmp_path, source, "--asyncio-mode=strict")
