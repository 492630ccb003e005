"""The gateway: unmodified hikari, built once the plugins' needs are known, connected and closed by the runtime.

hikari's own signal handling is not used: the runtime owns signals.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any, Final

import hikari

from coreops.gateway.failures import explain
from coreops.gateway.listeners import Listeners
from coreops.gateway.overheard import Overheard
from coreops.gateway.prefilter import Prefilter
from coreops.gateway.pulse import Pulse
from coreops.plugins.guard import Guard
from coreops_hookspecs import Capability, CheckResult, HealthStatus, Listener
from coreops_hookspecs.errors import UpstreamError
from coreops_hookspecs.telemetry import Event, GatewayChanged
from coreops_shared import trace
from coreops_shared.clock import Clock

__all__ = ["Gateway"]

_BASE: Final = (
    hikari.Intents.GUILDS | hikari.Intents.GUILD_MESSAGES | hikari.Intents.DM_MESSAGES | hikari.Intents.MESSAGE_CONTENT
)
"""What commands need; message content is privileged and needed for prefix commands."""

_CACHED: Final = (
    hikari.api.CacheComponents.GUILDS
    | hikari.api.CacheComponents.GUILD_CHANNELS
    | hikari.api.CacheComponents.GUILD_THREADS
    | hikari.api.CacheComponents.MEMBERS
    | hikari.api.CacheComponents.ROLES
    | hikari.api.CacheComponents.ME
    | hikari.api.CacheComponents.DM_CHANNEL_IDS
)
"""Without messages, whose cache nearly doubles the cost of each, and what nothing here asks for."""

_CLOSE_LIMIT: Final = 10.0
"""Seconds that closing may take."""


class Gateway:
    """The connection to Discord.

    Args:
        token: The bot's token.
        rest_url: Address of the REST API; the gateway's own address comes from there.
        guard: Runs plugins' listeners.
        clock: Time.
        publish: Puts an event on the bus.
        prefixes: What commands begin with; other messages are dropped early while nobody else listens to them.
    """

    def __init__(
        self,
        token: str,
        rest_url: str,
        *,
        guard: Guard,
        clock: Clock,
        publish: Callable[[Event], None],
        prefixes: Sequence[str] = (),
    ) -> None:
        self._token = token
        self._rest_url = rest_url
        self._clock = clock
        self._publish = publish
        self._listeners = Listeners(guard)
        self._prefilter = Prefilter(prefixes)
        self._pulse = Pulse(clock.monotonic, self._prefilter.loads)
        self._extra = hikari.Intents.NONE
        self._bot: hikari.GatewayBot | None = None
        self._reconnecting = asyncio.Lock()

    def require(self, needs: Iterable[Capability]) -> None:
        """Take a plugin's capabilities into account; call it before :attr:`bot` is first used."""
        if Capability.MEMBERS in frozenset(needs):
            self._extra |= hikari.Intents.GUILD_MEMBERS

    def add_listener(
        self, plugin: str, listener: Listener, call: Callable[[Any], Awaitable[None]]
    ) -> Callable[[], None]:
        """Take a plugin's listener; return what takes it out. Raises DeclarationError, see :class:`Listeners`."""
        return self._listeners.add(plugin, listener, call)

    @property
    def bot(self) -> hikari.GatewayBot:
        """hikari's bot, built at first use with the intents that are needed by then.

        Raises:
            ConfigError: the token cannot be one of Discord's.
        """
        if self._bot is None:
            intents = _BASE | self._extra | self._listeners.intents()
            self._bot = self._build(intents)
            self._listeners.attach(self._bot)
            self._prefilter.watch(Overheard(self._bot.event_manager))
            self._bot.event_manager.subscribe(hikari.ShardReadyEvent, self._on_ready)
            self._bot.event_manager.subscribe(hikari.ShardResumedEvent, self._on_resumed)
            self._bot.event_manager.subscribe(hikari.ShardDisconnectedEvent, self._on_disconnected)
        return self._bot

    def _build(self, intents: hikari.Intents) -> hikari.GatewayBot:
        members = bool(intents & hikari.Intents.GUILD_MEMBERS)
        try:
            return hikari.GatewayBot(
                self._token,
                banner=None,
                suppress_optimization_warning=True,
                cache_settings=hikari.impl.CacheSettings(components=_CACHED, only_my_member=not members),
                intents=intents,
                auto_chunk_members=members,
                loads=self._pulse.loads,
                logs=None,
                rest_url=self._rest_url,
            )
        except ValueError as error:  # hikari reads the bot's id from the token
            raise explain(error) from error

    async def connect(self) -> None:
        """Connect; returns when every shard is ready.

        Raises:
            ConfigError: the token or an intent is refused; the message says what to change.
            UpstreamError: Discord cannot be reached.
        """
        self._pulse.reset()
        try:
            await self.bot.start(check_for_updates=False)
        except (hikari.HikariError, RuntimeError, OSError) as error:
            await self.close()
            raise explain(error) from error

    async def closed(self) -> None:
        """Wait until the connection is closed by :meth:`close`; a :meth:`reconnect` does not end the wait.

        Raises:
            ConfigError: Discord ended it for a reason that stays.
            UpstreamError: it ended by itself.
        """
        while True:
            try:
                await self.bot.join()
            except (hikari.HikariError, RuntimeError, OSError) as error:
                if not self._reconnecting.locked():
                    raise explain(error) from error
            if not self._reconnecting.locked():
                return
            async with self._reconnecting:  # wait for the end of it
                continue

    async def reconnect(self) -> None:
        """Close the connection and build it anew; calls at the same time are one after the other.

        Raises:
            ConfigError: as :meth:`connect`.
            UpstreamError: as :meth:`connect` and :meth:`close`.
        """
        async with self._reconnecting:
            await self.close()
            await self.connect()

    async def close(self) -> None:
        """Disconnect; does nothing when not connected. Raises UpstreamError when it takes longer than 10 s."""
        if self._bot is None or not self._bot.is_alive:
            return
        try:
            async with asyncio.timeout(_CLOSE_LIMIT):
                await self._bot.close()
        except TimeoutError as error:
            msg = f"the gateway did not close within {_CLOSE_LIMIT:g} s"
            raise UpstreamError(msg) from error

    @property
    def rest(self) -> hikari.api.RESTClient:
        """Discord's REST API."""
        return self.bot.rest

    @property
    def cache(self) -> hikari.api.Cache:
        """What the gateway told."""
        return self.bot.cache

    @property
    def me(self) -> hikari.OwnUser | None:
        """The bot's own user, once connected."""
        return self.bot.get_me()

    @property
    def connected(self) -> bool:
        """Whether every shard has its session now."""
        shards = self._shards()
        return bool(shards) and all(shard.is_connected for shard in shards)

    @property
    def latency(self) -> float | None:
        """Seconds of the last heartbeat's round trip, the worst of all shards; ``None`` before the first."""
        known = [shard.heartbeat_latency for shard in self._shards()]
        return max((one for one in known if not math.isnan(one)), default=None)

    def _shards(self) -> Sequence[hikari.api.GatewayShard]:
        return () if self._bot is None else tuple(self._bot.shards.values())

    def last_event_age(self) -> float | None:
        """Seconds since the last event of any kind, ``None`` before the first."""
        return self._pulse.event_age()

    def last_ack_age(self) -> float | None:
        """Seconds since the last heartbeat ACK, ``None`` before the first."""
        return self._pulse.ack_age()

    def health(self) -> CheckResult:
        """Return whether Discord is connected; the component ``gateway`` of the health report."""
        if self._bot is None or not self._bot.is_alive:
            return CheckResult(HealthStatus.DOWN, "not connected")
        if not self.connected:
            return CheckResult(HealthStatus.DOWN, "disconnected, hikari is reconnecting")
        latency = self.latency
        return CheckResult(HealthStatus.OK, "connected" if latency is None else f"latency {latency * 1000:.0f} ms")

    async def _on_ready(self, event: hikari.ShardReadyEvent) -> None:
        self._changed("connected", f"shard {event.shard.id} as {event.my_user.username}")

    async def _on_resumed(self, event: hikari.ShardResumedEvent) -> None:
        self._changed("resumed", f"shard {event.shard.id}")

    async def _on_disconnected(self, event: hikari.ShardDisconnectedEvent) -> None:
        self._changed("disconnected", f"shard {event.shard.id}")

    def _changed(self, state: str, detail: str) -> None:
        self._publish(
            GatewayChanged(
                at=self._clock.now(), trace=trace.current() or trace.new(), actor="gateway", state=state, detail=detail
            )
        )
