"""What every plugin owes its operators."""

from __future__ import annotations

from coreops_ops import plugin
from coreops_sandbox.contract import contract

test_contract = contract(plugin)
