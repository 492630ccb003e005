"""The command line as a person runs it: a process of its own, with plugins that exist for one test."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

KEPT = ("PATH", "HOME", "LANG", "TMPDIR")
"""What a command needs of the environment that the tests run in; no setting of that one may reach it."""


@dataclass(frozen=True)
class Ended:
    code: int
    out: str
    err: str


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A folder like site-packages."""
    site = tmp_path / "site"
    site.mkdir()
    return site


@pytest.fixture
def install(site: Path) -> Callable[..., None]:
    """Install a distribution with one plugin."""

    def install(name: str, source: str, distribution: str = "", manifest: str = 'hook-api = ">=0.1,<1"') -> None:
        distribution = distribution or f"demo-{name}"
        info = site / f"{distribution.replace('-', '_')}-1.5.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(
            f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 1.5\nSummary: About {name}\n"
        )
        (info / "entry_points.txt").write_text(f"[coreops]\n{name} = demo_{name}\n")
        (site / f"demo_{name}.py").write_text(source)
        (site / f"demo_{name}.coreops-plugin.toml").write_text(manifest + "\n")

    return install


@pytest.fixture
def coreops(site: Path, tmp_path: Path) -> Callable[..., Ended]:
    """Run ``coreops`` with arguments and, beside the bare minimum, the given environment."""

    def run(*arguments: str, env: Mapping[str, str] | None = None) -> Ended:
        known = {name: os.environ[name] for name in KEPT if name in os.environ} | {
            "PYTHONPATH": str(site),
            "COLUMNS": "200",
        }
        ended = subprocess.run(
            [sys.executable, "-m", "coreops", *arguments],
            env=known | (env or {}),
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        return Ended(ended.returncode, ended.stdout, ended.stderr)

    return run


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    """A workbook that fits the installed first-party plugins."""
    book = tmp_path / "workbook" / "book"
    book.mkdir(parents=True)
    (book / "FeatureToggles.csv").write_text("feature_name,enabled\n")
    return book.parent


@pytest.fixture
def serving(workbook: Path) -> dict[str, str]:
    """Settings with which a runtime could start."""
    return {"DISCORD_TOKEN": "a.b.c", "COREOPS_WORKBOOK": str(workbook), "RECRUITMENT_SHEET_ID": "book"}
