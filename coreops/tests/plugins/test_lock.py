from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import pytest

from coreops.plugins.discovery import Found, discover
from coreops.plugins.lock import Pin, find_installed, pin, read_lock, verified, write_lock
from coreops.plugins.record import read_record
from coreops_hookspecs.errors import ConfigError, DeclarationError
from coreops_hookspecs.health import PluginState

BODY = "print('hello')\n"


@pytest.fixture
def greeter(site: Any) -> Path:
    """An installed plugin; its package's folder."""
    return Path(site.install("greeter", {"plugin.py": BODY, "words.py": "WORDS = 1\n"}))


def installed() -> list[Found]:
    return [each for each in discover() if each.name == "greeter"]


@pytest.fixture
def locked(greeter: Path) -> dict[str, Pin]:
    return {"its-greeter": pin(installed()[0])}


def problem(locked: dict[str, Pin]) -> str:
    found: Sequence[Found] = verified(installed(), locked)
    return found[0].problem


def test_an_untouched_plugin_is_let_through(locked: dict[str, Pin]) -> None:
    assert problem(locked) == ""


def test_the_same_wheel_installed_anew_has_the_same_digest(site: Any, greeter: Path, locked: dict[str, Pin]) -> None:
    (greeter / "__pycache__").mkdir()
    (greeter / "__pycache__" / "plugin.cpython-311.pyc").write_bytes(b"")
    site.install("greeter", {"plugin.py": BODY, "words.py": "WORDS = 1\n"})
    info = greeter.with_name("its_greeter-1.0.dist-info")
    (info / "INSTALLER").write_text("another\n")
    with (info / "RECORD").open("a") as record:
        record.write(
            "its_greeter-1.0.dist-info/INSTALLER,sha256=5hhM4Q4mYTT9z6QB6PGpUAW81PGNFrYrdXMj4oM_6ak,2\n"
            "../../bin/greet,sha256=5hhM4Q4mYTT9z6QB6PGpUAW81PGNFrYrdXMj4oM_6ak,2\n"
            "its_greeter/__pycache__/plugin.cpython-311.pyc,,\n"
        )
    assert problem(locked) == ""


def test_a_changed_file_is_named(greeter: Path, locked: dict[str, Pin]) -> None:
    (greeter / "words.py").write_text("WORDS = 2\n")
    assert "files differ from its RECORD: its_greeter/words.py" in problem(locked)


def test_a_missing_file_is_named(greeter: Path, locked: dict[str, Pin]) -> None:
    (greeter / "words.py").unlink()
    assert "its_greeter/words.py" in problem(locked)


@pytest.mark.parametrize("name", ["more.py", "more.so", "more.pyc", "inner/more.py"])
def test_code_that_was_put_beside_it_is_named(greeter: Path, locked: dict[str, Pin], name: str) -> None:
    (greeter / name).parent.mkdir(exist_ok=True)
    (greeter / name).write_bytes(b"")
    assert name in problem(locked)


def test_another_release_is_told_with_both_versions(site: Any, locked: dict[str, Pin]) -> None:
    site.install("greeter", {"plugin.py": BODY}, version="1.1")
    told = problem(locked)
    assert "'its-greeter' 1.1 is not what was locked (1.0)" in told
    assert "coreops plugins lock" in told


def test_a_record_that_was_rewritten_with_its_files_is_not_what_was_locked(
    site: Any, greeter: Path, locked: dict[str, Pin]
) -> None:
    site.install("greeter", {"plugin.py": BODY, "words.py": "WORDS = 2\n"})
    assert "its RECORD differs" in problem(locked)


def test_a_plugin_that_is_not_in_the_lock_is_refused(greeter: Path) -> None:
    assert "'its-greeter' is not in the lock" in problem({})


def test_a_package_that_lies_in_front_of_the_locked_one_is_found_out(
    greeter: Path, locked: dict[str, Pin], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other" / "its_greeter"
    other.mkdir(parents=True)
    (other / "__init__.py").write_text("")
    monkeypatch.syspath_prepend(other.parent)
    assert str(other) in problem(locked)


def test_an_editable_install_cannot_be_locked() -> None:
    ops = next(each for each in discover() if each.name == "ops")
    with pytest.raises(DeclarationError, match="an editable install cannot be locked"):
        pin(ops)


def test_a_distribution_without_a_record_cannot_be_locked(greeter: Path) -> None:
    (greeter.with_name("its_greeter-1.0.dist-info") / "RECORD").unlink()
    with pytest.raises(DeclarationError, match="no RECORD"):
        read_record(distribution("its-greeter"))


def test_hashes_of_unknown_strength_vouch_for_nothing(greeter: Path, locked: dict[str, Pin]) -> None:
    record = greeter.with_name("its_greeter-1.0.dist-info") / "RECORD"
    record.write_text(record.read_text().replace("its_greeter/words.py,sha256=", "its_greeter/words.py,md5="))
    assert "its_greeter/words.py" in problem(locked)


def test_what_is_written_is_read_back_whatever_the_names_spelling(tmp_path: Path) -> None:
    path = tmp_path / "plugins.lock"
    write_lock(path, {"Its_Greeter": Pin("1.0", "sha256:ab"), "a.b": Pin('2"', "sha256:cd")})
    assert read_lock(path) == {"its-greeter": Pin("1.0", "sha256:ab"), "a-b": Pin('2"', "sha256:cd")}
    before = path.read_text()
    write_lock(path, {"a-b": Pin('2"', "sha256:cd"), "its-greeter": Pin("1.0", "sha256:ab")})
    assert path.read_text() == before


@pytest.mark.parametrize("text", ["format = 2", "", "format = [", "format = 1\ndistributions = 3", "\xff"])
def test_a_file_that_is_no_lock_stops_the_boot_and_says_what_to_do(tmp_path: Path, text: str) -> None:
    path = tmp_path / "plugins.lock"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(ConfigError, match=r"COREOPS_PLUGINS_LOCK.*coreops plugins lock"):
        read_lock(path)


def test_a_lock_that_is_not_there_stops_the_boot(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"absent\.lock cannot be read"):
        find_installed(tmp_path / "absent.lock")


async def test_a_plugin_that_is_not_what_was_locked_is_blocked_and_not_imported(
    world: Any, greeter: Path, locked: dict[str, Pin], tmp_path: Path
) -> None:
    path = tmp_path / "plugins.lock"
    write_lock(path, locked)
    (greeter / "plugin.py").write_text("raise RuntimeError('imported')\n")
    found = [each for each in find_installed(path) if each.name == "greeter"]
    await world.manager().declare_all(found)
    standing = world.states["greeter"]
    assert standing.state is PluginState.BLOCKED
    assert "its_greeter/plugin.py" in standing.reason
    assert world.faults == []
