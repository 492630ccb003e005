"""What the tests that cross packages know of the workspace."""

from __future__ import annotations

import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import Distribution as Installed
from importlib.metadata import distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

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


# --- wheels of the workspace, and of the libraries installed here, so that pip can resolve without a network -------

UV = Path(sys.prefix) / "bin" / "uv"


@pytest.fixture(scope="session")
def built(workspace: tuple, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an sdist of every distribution and the wheel built from that sdist."""
    folder = tmp_path_factory.mktemp("dist")
    for each in workspace:
        command = [UV, "build", "--quiet", "--offline", "--no-build-isolation", "--python", sys.executable]
        subprocess.run([*command, "--out-dir", folder, each.folder], check=True, timeout=60)
    return folder


@pytest.fixture(scope="session")
def wheels(built: Path, workspace: tuple) -> dict[str, Path]:
    """The built wheel of each distribution, by the distribution's name."""
    found = {canonicalize_name(path.name.partition("-")[0]): path for path in built.glob("*.whl")}
    assert set(found) == {each.name for each in workspace}
    return found


@pytest.fixture(scope="session")
def libraries(workspace: tuple, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a wheel of every library that any distribution needs, packed again from what is installed."""
    folder = tmp_path_factory.mktemp("libraries")
    own = {each.name for each in workspace}
    for name in needed(line for each in workspace for line in each.requirements):
        if name not in own:
            pack(distribution(name), folder)
    return folder


def needed(lines: Iterable[str]) -> set[str]:
    """Return the names of all distributions that are needed, directly or not, on this platform."""
    found: set[str] = set()
    queue = [(Requirement(line), frozenset[str]()) for line in lines]
    while queue:
        requirement, extras = queue.pop()
        marker = requirement.marker
        if marker and not any(marker.evaluate({"extra": extra}) for extra in extras or {""}):
            continue
        name = canonicalize_name(requirement.name)
        if name not in found or requirement.extras:
            below = distribution(name).requires or ()
            queue += [(Requirement(line), frozenset(requirement.extras)) for line in below]
        found.add(name)
    return found


def pack(installed: Installed, folder: Path) -> None:
    """Write the wheel that an installed distribution came from, without the scripts that pip made for it."""
    tags = [line.removeprefix("Tag: ") for line in (installed.read_text("WHEEL") or "").splitlines() if "Tag: " in line]
    # compressed as in a file's name: py2-none-any and py3-none-any are py2.py3-none-any
    tag = "-".join(".".join(dict.fromkeys(parts)) for parts in zip(*(each.split("-") for each in tags), strict=True))
    filename = f"{canonicalize_name(installed.name).replace('-', '_')}-{installed.version}-{tag}.whl"
    with zipfile.ZipFile(folder / filename, "w") as wheel:
        for file in installed.files or ():
            path = Path(str(file.locate()))
            if not str(file).startswith("..") and path.suffix != ".pyc" and path.name != "direct_url.json":
                wheel.write(path, str(file))
