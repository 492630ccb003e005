from __future__ import annotations

import subprocess
import sys
from email.message import Message
from importlib.metadata import EntryPoint
from types import SimpleNamespace
from typing import Any

from coreops.plugins.discovery import discover


def entry(name: str, value: str, distribution: str, version: str = "1.0") -> EntryPoint:
    point = EntryPoint(name, value, "coreops")
    metadata = Message()
    metadata["Name"], metadata["Version"] = distribution, version
    vars(point).update(dist=SimpleNamespace(name=distribution, metadata=metadata))
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
    found = {each.name: each for each in discover()}
    assert {"ops", "recruitment", "sandbox"} <= set(found)
    assert not [each.incompatible for each in found.values() if each.incompatible]


def test_finding_imports_no_plugin_and_no_discord_library() -> None:
    code = (
        "import sys; from coreops.plugins.discovery import discover; discover();"
        "bad = {'hikari', 'lightbulb', 'aiohttp', 'coreops_ops', 'coreops_recruitment', 'coreops_sandbox'};"
        "print(sorted(bad & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=30, check=True)
    assert done.stdout.strip() == "[]"


def test_what_a_plugin_needs_and_what_its_distribution_requires_is_known(site: Any) -> None:
    site.install("greeter", {"plugin.py": ""}, manifest='hook-api = ">=0.1"\nneeds = ["http"]', requires=("click>=8",))
    found = next(each for each in discover() if each.name == "greeter")
    assert (found.distribution, found.version, found.requires) == ("its-greeter", "1.0", ("click>=8",))
    assert found.manifest is not None
    assert found.manifest.needs == {"http"}


def test_a_plugin_without_a_manifest_is_incompatible_and_told_what_to_add(site: Any) -> None:
    site.install("greeter", {"plugin.py": ""}, manifest=None)
    found = next(each for each in discover() if each.name == "greeter")
    assert "no coreops-plugin.toml beside the module 'its_greeter.plugin'" in found.incompatible
    assert "hook-api" in found.incompatible
