from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

import pytest

from coreops.plugins.modules import attach, detach, owned, root_of


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A package with a submodule, inside a namespace that others share."""
    folder = tmp_path / "modspace" / "modpack"
    folder.mkdir(parents=True)
    (folder / "__init__.py").write_text("")
    (folder / "inner.py").write_text("")
    (tmp_path / "modspace" / "modother.py").write_text("")
    monkeypatch.syspath_prepend(tmp_path)
    return "modspace.modpack"


def name_of(module: str) -> str:
    spec = root_of(module)
    return "" if spec is None else spec.name


def test_a_namespace_is_not_the_plugins_own(package: str) -> None:
    assert name_of("modspace.modpack.inner") == package
    assert name_of("modspace.modother") == "modspace.modother"
    assert "modspace.modpack" not in sys.modules, "finding out imports nothing"


def test_a_module_that_is_not_there_has_no_root() -> None:
    assert name_of("no_such_module_anywhere.plugin") == ""


def test_forgotten_modules_are_imported_anew_and_can_be_brought_back(package: str) -> None:
    old = import_module(f"{package}.inner")
    import_module("modspace.modother")
    aside = owned(package)
    assert set(aside) == {package, f"{package}.inner"}
    detach(aside)
    assert owned(package) == {}
    assert not hasattr(sys.modules["modspace"], "modpack")
    assert "modspace.modother" in sys.modules
    new = import_module(f"{package}.inner")
    assert new is not old
    detach(aside)
    assert sys.modules[f"{package}.inner"] is new, "what has taken their place stays"
    detach(owned(package))
    attach(aside)
    assert sys.modules[f"{package}.inner"] is old
    assert sys.modules["modspace"].modpack.inner is old
    detach(owned("modspace"))
