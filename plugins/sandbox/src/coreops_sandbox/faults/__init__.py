"""Faults: what shall go wrong, chosen by a test or an operator and consulted by REST and gateway."""

from __future__ import annotations

from coreops_sandbox.faults.rest import middleware
from coreops_sandbox.faults.specs import SPECS, Spec
from coreops_sandbox.faults.store import Fault, Faults

__all__ = ["SPECS", "Fault", "Faults", "Spec", "middleware"]
