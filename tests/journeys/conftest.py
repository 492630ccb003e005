from __future__ import annotations

import shutil
from importlib.resources import as_file, files
from pathlib import Path

import pytest


@pytest.fixture
def sample_workbook(tmp_path: Path) -> Path:
    """A writable copy of the workbook that `make run` starts with."""
    with as_file(files("coreops_sandbox") / "sample") as sample:
        return Path(shutil.copytree(sample, tmp_path / "workbook"))
