from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from coreops_hookspecs import Capability, PluginInfo
from coreops_hookspecs.errors import DeclarationError
from coreops_hookspecs.manifest import FILE, Manifest, find_manifest, parse_manifest, read_manifest

API = 'hook-api = ">=0.1,<1"\n'


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.syspath_prepend(tmp_path)
    return tmp_path


def write(path: Path, text: str = API) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_a_manifest_says_what_a_plugin_needs() -> None:
    text = API + 'needs = ["sheets.read", "http"]\ndepends = ["ops"]\nsummary = "Greets."\n'
    needs = frozenset({Capability.SHEETS_READ, Capability.HTTP})
    assert parse_manifest(text) == Manifest(">=0.1,<1", needs, ("ops",), "Greets.")


def test_only_the_range_of_hook_apis_is_required() -> None:
    assert parse_manifest(API) == Manifest(">=0.1,<1")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "hook-api is missing"),
        ("hook-api = 1", "hook-api is missing or no text"),
        ('hook-api = ">=9"', "update CoreOps"),
        (
            API + 'needs = ["sheet.read"]',
            "'sheet.read', which is no capability of this runtime; did you mean sheets.r",
        ),
        (API + 'needs = "http"', "needs is no list of texts"),
        (API + "needs = [3]", "3, which is no capability"),
        (API + 'depends = ["Not A Name"]', "no name of a plugin"),
        (API + "depends = 3", "depends is no list"),
        (API + "summary = 3", "summary is no text"),
        (API + 'need = ["http"]', "need is none of its keys; did you mean needs"),
        ("hook-api = ", "no TOML"),
    ],
)
def test_what_cannot_be_used_is_refused_with_what_to_write(text: str, said: str) -> None:
    with pytest.raises(DeclarationError, match=FILE) as caught:
        parse_manifest(text)
    assert said in str(caught.value)


def test_every_problem_is_told_at_once() -> None:
    with pytest.raises(DeclarationError) as caught:
        parse_manifest('needs = ["x"]\ndepends = ["B"]\nsummary = 1\n')
    assert str(caught.value).count(";") >= 3


@pytest.mark.parametrize(
    ("module", "place"),
    [
        ("mani_package", "mani_package/coreops-plugin.toml"),
        ("mani_package.plugin", "mani_package/coreops-plugin.toml"),
        ("mani_package.inner.plugin", "mani_package/inner/coreops-plugin.toml"),
        ("mani_single", "mani_single.coreops-plugin.toml"),
    ],
)
def test_it_lies_beside_the_module_that_the_entry_point_names(folder: Path, module: str, place: str) -> None:
    write(folder / "mani_package" / "__init__.py", "raise RuntimeError('imported')")
    write(folder / "mani_single.py", "raise RuntimeError('imported')")
    assert find_manifest(module) is None
    path = write(folder / place)
    assert find_manifest(module) == path
    assert read_manifest(module) == Manifest(">=0.1,<1")


def test_it_is_found_in_a_package_without_an_init_file(folder: Path) -> None:
    path = write(folder / "mani_namespace" / "greeter" / FILE)
    assert find_manifest("mani_namespace.greeter.plugin") == path


def test_a_missing_one_is_answered_with_what_to_add(folder: Path) -> None:
    write(folder / "mani_bare" / "__init__.py", "")
    with pytest.raises(DeclarationError, match=r'no coreops-plugin.toml beside the module .* hook-api = ">=0\.1,<1"'):
        read_manifest("mani_bare.plugin")
    with pytest.raises(DeclarationError, match=f"no {FILE}"):
        read_manifest("no_such_module_anywhere")


def test_one_that_is_no_text_is_refused(folder: Path) -> None:
    (folder / "mani_bytes").mkdir()
    (folder / "mani_bytes" / FILE).write_bytes(b"\xff\xfe\x00")
    with pytest.raises(DeclarationError, match="cannot be read"):
        read_manifest("mani_bytes")


def test_an_installed_plugin_takes_its_name_and_version_from_its_distribution(folder: Path) -> None:
    write(folder / "mani_own" / "__init__.py", "")
    write(folder / "mani_own" / FILE, API + 'summary = "Greets."')
    write(folder / "mani_own-2.5.dist-info" / "METADATA", "Metadata-Version: 2.1\nName: mani-own\nVersion: 2.5\n")
    write(folder / "mani_own-2.5.dist-info" / "entry_points.txt", "[coreops]\ngreeter = mani_own.plugin\n")
    assert PluginInfo.load("mani_own.plugin") == PluginInfo("greeter", "2.5", "Greets.")


def test_one_that_is_not_installed_says_its_name_and_version(folder: Path) -> None:
    write(folder / "mani_loose" / FILE)
    assert PluginInfo.load("mani_loose.plugin", name="loose", version="1") == PluginInfo("loose", "1")
    with pytest.raises(DeclarationError, match="install it, or give name= and version="):
        PluginInfo.load("mani_loose.plugin", name="loose")


def test_reading_imports_nothing_of_the_plugin(folder: Path) -> None:
    write(folder / "mani_quiet" / "__init__.py", "raise RuntimeError('imported')")
    write(folder / "mani_quiet" / FILE)
    code = (
        "import sys; from coreops_hookspecs.manifest import read_manifest; read_manifest('mani_quiet.plugin');"
        "print([name for name in sys.modules if name.startswith('mani_')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
        env={"PYTHONPATH": str(folder)},
    )
    assert done.stdout.strip() == "[]"
