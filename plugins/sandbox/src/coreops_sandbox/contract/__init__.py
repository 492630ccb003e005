"""What every plugin owes its operators, as tests that an author adds with one line::

    from coreops_sandbox.contract import contract

    test_contract = contract(plugin, env=SETTINGS, workbook=WORKBOOK)

Each check becomes a test of its own, ``test_contract[unload]`` and so on, that fails with every problem it found.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping
from types import ModuleType

import pytest

from coreops_sandbox.contract.documents import documentation
from coreops_sandbox.contract.life import declarations, jobs, unload
from coreops_sandbox.contract.manifests import manifest
from coreops_sandbox.contract.subject import Check, Subject
from coreops_sandbox.contract.surfaces import surfaces
from coreops_sandbox.pytest_plugin import Boot
from coreops_sandbox.workbook import Workbook

__all__ = ["CHECKS", "Check", "Subject", "contract"]

CHECKS: Mapping[str, Check] = {
    "manifest": manifest,
    "documentation": documentation,
    "declarations": declarations,
    "surfaces": surfaces,
    "jobs": jobs,
    "unload": unload,
}
"""Each check by the name that its test gets."""


def contract(
    plugin: ModuleType,
    *,
    env: Mapping[str, str] | None = None,
    workbook: Workbook | None = None,
    leave: Collection[str] = (),
) -> Callable[[Check, Boot], Awaitable[None]]:
    """Return the tests of the contract, to be bound to a name that begins with ``test_``.

    Args:
        plugin: The module that the entry point names.
        env: Settings with which the plugin starts.
        workbook: Tabs with which it starts; its toggles should be on there.
        leave: Paths of commands that ``surfaces`` does not run, for example ``ops reboot``.
    """

    @pytest.mark.asyncio
    @pytest.mark.parametrize("check", [pytest.param(check, id=name) for name, check in CHECKS.items()])
    async def test_contract(check: Check, boot: Boot) -> None:
        subject = Subject(plugin, boot, env or {}, workbook or {}, frozenset(leave))
        problems = await check(subject)
        if problems:
            pytest.fail("\n".join(problems), pytrace=False)

    return test_contract
