"""``ctx.discord``: what plugins reach of the connection."""

from __future__ import annotations

import hikari

from coreops.gateway.app import Gateway

__all__ = ["DiscordPort"]


class DiscordPort:
    """Satisfies :class:`coreops_hookspecs.Discord`.

    Args:
        gateway: The connection.
        ops_channel_id: Channel for lifecycle notices, if one is configured.
    """

    def __init__(self, gateway: Gateway, ops_channel_id: int | None) -> None:
        self._gateway = gateway
        self.ops_channel_id = ops_channel_id

    @property
    def rest(self) -> hikari.api.RESTClient:
        """Discord's REST API."""
        return self._gateway.rest

    @property
    def cache(self) -> hikari.api.Cache:
        """What the gateway told."""
        return self._gateway.cache

    @property
    def me(self) -> hikari.OwnUser | None:
        """The bot's own user, once connected."""
        return self._gateway.me
