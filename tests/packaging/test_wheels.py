"""Every distribution builds, its wheel holds what it must and nothing of the tests, and a plugin needs no runtime."""

from __future__ import annotations

import re
import subprocess
import sys
import tarfile
import venv
import zipfile
from email.message import Message
from email.parser import Parser
from pathlib import Path

import pytest

UV = Path(sys.prefix) / "bin" / "uv"
PLUGIN = "coreops-recruitment"
IMPORT = """
import importlib.metadata as metadata, importlib.util as util
(point,) = metadata.entry_points(group="coreops")
module = point.load()
print(module.coreops_plugin_info().name)
print([name for name in ("gspread", "google", "coreops", "coreops_shared") if util.find_spec(name)])
"""


def names(wheel: Path) -> list[str]:
    with zipfile.ZipFile(wheel) as archive:
        return archive.namelist()


def metadata(wheel: Path) -> Message:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        return Parser().parsestr(archive.read(name).decode())


def test_every_distribution_builds_an_sdist_and_a_wheel(built: Path, workspace: tuple) -> None:
    assert len(list(built.glob("*.tar.gz"))) == len(list(built.glob("*.whl"))) == len(workspace)


def test_a_wheel_tells_type_checkers_that_it_is_typed(wheels: dict[str, Path], workspace: tuple) -> None:
    assert all(f"{each.package}/py.typed" in names(wheels[each.name]) for each in workspace)
    assert all("Typing :: Typed" in metadata(wheel).get_all("Classifier", []) for wheel in wheels.values())


def test_a_wheel_carries_the_licence(wheels: dict[str, Path], root: Path) -> None:
    for wheel in wheels.values():
        (licence,) = [name for name in names(wheel) if name.endswith(".dist-info/licenses/LICENSE")]
        with zipfile.ZipFile(wheel) as archive:
            assert archive.read(licence) == (root / "LICENSE").read_bytes()


def test_a_wheel_holds_its_package_and_nothing_else(wheels: dict[str, Path], workspace: tuple) -> None:
    for each in workspace:
        tops = {name.partition("/")[0] for name in names(wheels[each.name])}
        assert {top for top in tops if not top.endswith(".dist-info")} == {each.package}
        assert not re.findall(r".*(?:/tests/|/test_|/conftest\.py).*", "\n".join(names(wheels[each.name])))


def test_a_wheel_holds_every_file_of_its_package(wheels: dict[str, Path], workspace: tuple) -> None:
    for each in workspace:
        files = {
            str(path.relative_to(each.source.parent))
            for path in each.source.rglob("*")
            if path.is_file() and "__pycache__" not in path.parts
        }
        assert files <= set(names(wheels[each.name]))


def test_a_page_about_the_distribution_is_part_of_it(wheels: dict[str, Path]) -> None:
    for wheel in wheels.values():
        assert len(str(metadata(wheel).get_payload()).split()) > 5
        assert metadata(wheel)["Requires-Python"] == ">=3.11"


def test_an_sdist_carries_the_tests(built: Path) -> None:
    for path in built.glob("*.tar.gz"):
        with tarfile.open(path) as archive:
            assert any("/tests/test_" in name or "/tests/conftest.py" in name for name in archive.getnames()), path.name


@pytest.fixture(scope="session")
def empty_environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of a virtual environment with nothing in it."""
    folder = tmp_path_factory.mktemp("empty")
    venv.create(folder, with_pip=False)
    return folder / "bin" / "python"


def test_a_plugin_installs_without_the_runtime_and_without_googles_client(
    empty_environment: Path, built: Path, libraries: Path
) -> None:
    command = [UV, "pip", "install", "--no-cache", "--no-index", "--python", empty_environment, PLUGIN]
    sources = ["--find-links", built, "--find-links", libraries]
    done = subprocess.run([*command, *sources], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    program = [empty_environment, "-P", "-c", IMPORT]
    done = subprocess.run(program, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["recruitment", "[]"]


def test_the_runtime_does_bring_googles_client_so_the_proof_could_fail(libraries: Path) -> None:
    packed = {path.name.partition("-")[0] for path in libraries.glob("*.whl")}
    assert {"gspread", "google_auth", "hikari", "pluggy"} <= packed
