"""One line in an author's test file becomes one test for each check."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from coreops_sandbox.contract import CHECKS

PLUGIN = """
from coreops_hookspecs import PluginInfo, hookimpl

@hookimpl
def coreops_plugin_info():
    return PluginInfo.load(__name__, name="sample", version="1.0")
"""
TEST = """
from coreops_sandbox.contract import contract
import contract_author

test_contract = contract(contract_author)
"""


def run_pytest(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-v", "-p", "no:cacheprovider", "--rootdir", str(folder), "test_it.py"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=90)


def test_each_check_is_a_test_of_its_own_in_strict_mode_of_pytest_asyncio_too(tmp_path: Path) -> None:
    (tmp_path / "contract_author.py").write_text(PLUGIN)
    (tmp_path / "contract_author.coreops-plugin.toml").write_text('hook-api = ">=0.1,<1"\n')
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "README.md").write_text("A sample.")
    (tmp_path / "test_it.py").write_text(TEST)

    ran = run_pytest(tmp_path)

    assert all(f"test_contract[{name}]" in ran.stdout for name in CHECKS)
    assert "1 failed, 5 passed" in ran.stdout
    assert "coreops-plugin.toml has no summary; write one sentence for the operator" in ran.stdout
