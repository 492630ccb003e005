from __future__ import annotations

import subprocess
import sys
from importlib.metadata import EntryPoint
from types import SimpleNamespace

from coreops.plugins.discovery import discover


def entry(name: str, value: str, distribution: str, version: str = "1.0") -> EntryPoint:
    point = EntryPoint(name, value, "coreops")
    vars(point).update(dist=SimpleNamespace(name=distribution, version=version))
    return point


def test_plugins_are_listed_by_name_with_their_distribution() -> None:
    found = discover([entry("zoo", "zoo.plugin", "coreops-zoo", "2.1"), entry("ape", "ape.plugin", "coreops-ape")])
    assert [(each.name, each.distribution, each.version) for each in found] == [
        ("ape", "coreops-ape", "1.0"),
        ("zoo", "coreops-zoo", "2.1"),
    ]
    assert not any(each.problem for each in found)


def test_two_distributions_with_one_name_are_a_problem_that_names_both() -> None:
    (found,) = discover([entry("ape", "a.plugin", "dist-a"), entry("ape", "b.plugin", "dist-b")])
    assert "dist-a and dist-b" in found.problem


def test_a_name_that_cannot_be_typed_is_a_problem() -> None:
    (found,) = discover([entry("Ape-Plugin", "a.plugin", "dist-a")])
    assert "'Ape-Plugin'" in found.problem


def test_the_installed_plugins_of_this_workspace_are_found() -> None:
    assert {"ops", "recruitment", "sandbox"} <= {each.name for each in discover()}


def test_finding_imports_no_plugin_and_no_discord_library() -> None:
    code = (
        "import sys; from coreops.plugins.discovery import discover; discover();"
        "bad = {'hikari', 'lightbulb', 'aiohttp', 'coreops_ops', 'coreops_recruitment', 'coreops_sandbox'};"
        "print(sorted(bad & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=30, check=True)
    assert done.stdout.strip() == "[]"
