"""A hook is there because some plugin of this repository needs it; the examples of the docs are such plugins."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from coreops.plugins.specs import SPECS

_IMPLEMENTED = re.compile(r"^@hookimpl\n(?:async )?def (coreops_\w+)\(", re.MULTILINE)


@pytest.fixture(scope="module")
def implemented(root: Path) -> set[str]:
    modules = [*root.glob("plugins/*/src/**/*.py"), *root.glob("docs/examples/*/src/**/*.py")]
    return {name for module in modules for name in _IMPLEMENTED.findall(module.read_text())}


@pytest.mark.parametrize("hook", SPECS)
def test_a_plugin_of_this_repository_uses_the_hook(hook: str, implemented: set[str]) -> None:
    assert hook in implemented, f"no plugin under plugins/ or docs/examples/ implements {hook}; write one, or drop it"


def test_no_plugin_implements_a_hook_that_nobody_offers(implemented: set[str]) -> None:
    assert implemented - set(SPECS) == {"coreops_recruitment_holds", "coreops_toasts_raised"}
