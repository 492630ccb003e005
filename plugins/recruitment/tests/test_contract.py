"""What every plugin owes its operators."""

from __future__ import annotations

from coreops_recruitment import plugin
from coreops_sandbox.contract import contract

test_contract = contract(plugin)
