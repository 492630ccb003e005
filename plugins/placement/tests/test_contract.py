"""What every plugin owes its operators."""

from __future__ import annotations

from coreops_placement import plugin
from coreops_sandbox.contract import contract

# the second surface would find the place taken by the first; test_reserving runs these on both
test_contract = contract(plugin, leave=["reserve add", "reserve extend", "reserve release"])
