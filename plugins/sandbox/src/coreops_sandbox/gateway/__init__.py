"""The gateway: websocket sessions as Discord keeps them (Discord docs, "Gateway")."""

from __future__ import annotations

from coreops_sandbox.gateway.options import GatewayOptions
from coreops_sandbox.gateway.service import Gateway, GatewayStatus

__all__ = ["Gateway", "GatewayOptions", "GatewayStatus"]
