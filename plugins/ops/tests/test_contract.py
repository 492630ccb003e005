"""What every plugin owes its operators."""

from __future__ import annotations

from coreops_ops import plugin
from coreops_sandbox.contract import contract

# They need another plugin, a job or a write, and change it: their own tests and tests/journeys give them one.
ORDERS = [f"ops plugins {order}" for order in ("load", "unload", "reload", "quarantine", "reinstate")]
JOBS = [f"ops jobs {what}" for what in ("next", "run", "pause", "resume", "history")]
WRITES = [f"ops outbox {what}" for what in ("replay", "drop")]

test_contract = contract(plugin, leave=[*ORDERS, *JOBS, *WRITES])
