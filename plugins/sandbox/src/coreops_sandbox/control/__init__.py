"""The control API below ``/sandbox``: act as a person, look at the world, set faults."""

from __future__ import annotations

from coreops_sandbox.control.body import errors_as_json
from coreops_sandbox.control.routes import add_control
from coreops_sandbox.control.stream import Stream

__all__ = ["Stream", "add_control", "errors_as_json"]
