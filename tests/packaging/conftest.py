"""Wheels of the workspace, and of the libraries installed here, so that pip can resolve without a network."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from collections.abc import Iterable
from importlib.metadata import Distribution, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

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


def pack(installed: Distribution, folder: Path) -> None:
    """Write the wheel that an installed distribution came from, without the scripts that pip made for it."""
    tags = [line.removeprefix("Tag: ") for line in (installed.read_text("WHEEL") or "").splitlines() if "Tag: " in line]
    filename = f"{canonicalize_name(installed.name).replace('-', '_')}-{installed.version}-{tags[0]}.whl"
    with zipfile.ZipFile(folder / filename, "w") as wheel:
        for file in installed.files or ():
            path = Path(str(file.locate()))
            if not str(file).startswith("..") and path.suffix != ".pyc" and path.name != "direct_url.json":
                wheel.write(path, str(file))
