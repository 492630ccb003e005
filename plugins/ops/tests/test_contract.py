"""What every plugin owes its operators."""

from __future__ import annotations

from coreops_ops import plugin
from coreops_sandbox.contract import contract

ORDERS = [f"ops plugins {order}" for order in ("load", "unload", "reload", "quarantine", "reinstate")]

test_contract = contract(plugin, leave=ORDERS)  # they need another plugin; tests/journeys gives them one
