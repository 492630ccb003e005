"""Plugins that keep the contract, and plugins that break it in one point."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from textwrap import dedent
from types import ModuleType
from typing import Any

import pytest

from coreops_sandbox.contract import Subject
from coreops_sandbox.pytest_plugin import Boot

IMPORTS = """
import asyncio
import lightbulb
from coreops_hookspecs import Command, JobSpec, PluginInfo, Setting, Toggle, access, hookimpl
"""
INFO = """
@hookimpl
def coreops_plugin_info():
    return PluginInfo("sample", "1.0", hook_api=">=0.1,<1", summary="A sample.", needs=frozenset())
"""
MANIFEST = 'hook-api = ">=0.1,<1"\nsummary = "A sample."\n'

Write = Callable[..., Subject]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, boot: Boot) -> Iterator[Write]:
    """Write a plugin, import it and make it the subject of the checks."""
    monkeypatch.syspath_prepend(tmp_path)

    def make(
        source: str = "", *, info: str = INFO, manifest: str = MANIFEST, readme: str = "A sample.", **options: Any
    ) -> Subject:
        package = tmp_path / "contract_sample"
        package.mkdir()
        (tmp_path / "pyproject.toml").write_text("")
        if readme:
            (tmp_path / "README.md").write_text(readme)
        (package / "coreops-plugin.toml").write_text(manifest)
        (package / "__init__.py").write_text(IMPORTS + info + dedent(source))
        plugin: ModuleType = import_module("contract_sample")
        return Subject(
            plugin,
            boot,
            options.get("env", {}),
            options.get("workbook", {}),
            frozenset(options.get("leave", ())),
            options.get("patience", 30.0),
        )

    yield make
    sys.modules.pop("contract_sample", None)
