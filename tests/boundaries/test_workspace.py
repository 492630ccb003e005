"""The lists of distributions that tools keep, each compared with the folders that are there."""

from __future__ import annotations

import re
import tomllib
from configparser import ConfigParser
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(scope="module")
def tools(root: Path) -> dict[str, Any]:
    return tomllib.loads((root / "pyproject.toml").read_text())["tool"]


def relative(paths: list[Path], root: Path) -> set[str]:
    return {str(path.relative_to(root)) for path in paths}


def test_running_installs_every_distribution(workspace: tuple, root: Path) -> None:
    listed = re.findall(r"^-e (\S+)$", (root / "requirements.in").read_text(), re.MULTILINE)
    assert sorted(listed) == sorted(relative([each.folder for each in workspace], root))


def test_the_locks_leave_out_every_distribution(workspace: tuple, tools: dict[str, Any]) -> None:
    assert sorted(tools["uv"]["pip"]["no-emit-package"]) == sorted(each.name for each in workspace)


def test_types_are_checked_in_every_package(workspace: tuple, root: Path, tools: dict[str, Any]) -> None:
    assert set(tools["mypy"]["mypy_path"]) == relative([each.source.parent for each in workspace], root)
    checked = re.findall(r"-p (\w+)", (root / "tox.ini").read_text())
    assert sorted(checked) == sorted(["tools", *(each.package for each in workspace)])


def test_every_test_folder_is_collected(workspace: tuple, root: Path, tools: dict[str, Any]) -> None:
    paths = tools["pytest"]["ini_options"]["testpaths"]
    assert set(paths) == {"docs/examples", "tests", *relative([each.folder / "tests" for each in workspace], root)}
    assert all((root / path).is_dir() for path in paths)


def test_every_package_counts_as_our_own_when_imports_are_sorted(workspace: tuple, tools: dict[str, Any]) -> None:
    assert set(tools["ruff"]["lint"]["isort"]["known-first-party"]) >= {each.package for each in workspace}


@pytest.mark.parametrize("config", [".importlinter", ".importlinter-runtime"])
def test_the_import_contracts_see_every_package(config: str, workspace: tuple, root: Path) -> None:
    parser = ConfigParser()
    parser.read(root / config)
    assert set(parser["importlinter"]["root_packages"].split()) == {each.package for each in workspace}


def test_every_plugin_stands_under_the_plugins_contracts(workspace: tuple, root: Path) -> None:
    parser = ConfigParser()
    parser.read(root / ".importlinter")
    plugins = {each.package for each in workspace if each.is_plugin}
    for contract, option in (
        ("plugins-know-the-contract-alone", "source_modules"),
        ("plugins-are-strangers", "modules"),
        ("no-plugin-is-wired-in", "forbidden_modules"),
    ):
        assert set(parser[f"importlinter:contract:{contract}"][option].split()) == plugins


def test_the_one_exemption_from_the_plugins_contract_is_the_fixture_that_boots_a_runtime(root: Path) -> None:
    parser = ConfigParser()
    parser.read(root / ".importlinter")
    exempt = parser["importlinter:contract:plugins-know-the-contract-alone"]["ignore_imports"]
    assert exempt.strip() == "coreops_sandbox.pytest_plugin -> coreops.testing"


def test_every_plugin_is_found_through_its_entry_point(workspace: tuple) -> None:
    for plugin in (each for each in workspace if each.is_plugin):
        project = tomllib.loads((plugin.folder / "pyproject.toml").read_text())["project"]
        (name,) = project["entry-points"]["coreops"].items()
        assert name == (plugin.folder.name, f"{plugin.package}.plugin")


def test_no_distribution_depends_on_one_above_it(workspace: tuple) -> None:
    above = {"coreops-hookspecs": (), "coreops-shared": ("coreops-hookspecs",)}
    for each in workspace:
        own = {name for name in each.requirements if name.startswith("coreops")}
        if each.is_plugin:
            assert own == {"coreops-hookspecs==0.1.0"}
        elif each.name in above:
            assert {name.partition("==")[0] for name in own} == set(above[each.name])


def test_the_suite_runs_on_several_workers(root: Path) -> None:
    tox = ConfigParser()
    tox.read(root / "tox.ini")
    assert re.search(r"--numprocesses (?:[2-9]|auto)\b.*--dist loadfile", tox["testenv:py"]["commands"])
