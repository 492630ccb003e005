"""What the tests that cross packages know of the workspace."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Distribution:
    """One folder of the workspace that builds a distribution."""

    folder: Path
    name: str
    package: str
    requirements: tuple[str, ...]

    @property
    def source(self) -> Path:
        return self.folder / "src" / self.package

    @property
    def modules(self) -> list[Path]:
        return sorted(self.source.rglob("*.py"))

    @property
    def is_plugin(self) -> bool:
        return self.folder.parent.name == "plugins"


def read(folder: Path) -> Distribution:
    project = tomllib.loads((folder / "pyproject.toml").read_text())["project"]
    (package,) = [path.name for path in (folder / "src").iterdir() if path.is_dir() and path.name.isidentifier()]
    return Distribution(folder, project["name"], package, tuple(project["dependencies"]))


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository."""
    return ROOT


@pytest.fixture(scope="session")
def workspace() -> tuple[Distribution, ...]:
    """Every distribution, found by looking, so that a new one cannot be forgotten."""
    projects = [*ROOT.glob("*/pyproject.toml"), *ROOT.glob("plugins/*/pyproject.toml")]
    return tuple(read(project.parent) for project in sorted(projects))
