from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

LINT = "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"
Lint = Callable[[Path, Sequence[str]], subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def copy_of_the_packages(workspace: tuple, root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All packages and the configuration in one folder, where violations can be planted."""
    folder = tmp_path_factory.mktemp("packages")
    for distribution in workspace:
        shutil.copytree(
            distribution.source, folder / distribution.package, ignore=shutil.ignore_patterns("__pycache__")
        )
    for config in root.glob(".importlinter*"):
        if config.is_file():
            shutil.copy(config, folder)
    return folder


@pytest.fixture(scope="session")
def lint(tmp_path_factory: pytest.TempPathFactory) -> Lint:
    """Run import-linter in a folder whose packages go before the installed ones."""
    cache = tmp_path_factory.mktemp("cache")

    def run(folder: Path, arguments: Sequence[str]) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", LINT, "--no-logo", "--cache-dir", str(cache), *arguments]
        environment = {"PYTHONPATH": str(folder), "COLUMNS": "400"}
        return subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, timeout=60, check=False
        )

    return run
