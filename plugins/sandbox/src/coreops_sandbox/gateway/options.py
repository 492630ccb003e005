"""What can be set on the gateway."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class GatewayOptions:
    """Times and limits of the gateway.

    Args:
        heartbeat: Seconds between heartbeats, told to the client in HELLO. Discord's own is 41.25.
        heartbeat_tolerance: Seconds a heartbeat may be late before the connection ends with 4009.
        keep: Seconds for which a session without a connection can be resumed ("a few minutes" on Discord).
        replay: Events kept per session for a RESUME; must be below ``queue``.
        queue: Payloads that may wait for a slow client before it is cut off.
    """

    heartbeat: float = 41.25
    heartbeat_tolerance: float = 5.0
    keep: float = 180.0
    replay: int = 2_000
    queue: int = 5_000

    def __post_init__(self) -> None:
        if self.replay >= self.queue:
            raise ValueError(f"replay ({self.replay}) must be below queue ({self.queue}): a RESUME queues it at once")
