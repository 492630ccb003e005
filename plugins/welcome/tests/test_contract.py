"""What every plugin owes its operators."""

from __future__ import annotations

from coreops_sandbox.contract import contract
from coreops_welcome import plugin

test_contract = contract(plugin)
