"""The gateway: unmodified hikari, built once the plugins' needs are known, connected and closed by the runtime.

hikari's own signal handling is not used: the runtime owns signals.
"""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any

import hikari

from coreops.gateway.bot import BASE_INTENTS, build
from coreops.gateway.keeper import Keeper
from coreops.gateway.listeners import Listeners
from coreops.gateway.losses import LossCount
from coreops.gateway.overheard import Overheard
from coreops.gateway.patience import Outage, Pace
from coreops.gateway.prefilter import Message, Prefilter
from coreops.gateway.pulse import Pulse
from coreops.plugins.guard import Guard
from coreops.telemetry.phrases import duration
from coreops_hookspecs import Capability, CheckResult, HealthStatus, Listener, Losses
from coreops_hookspecs.telemetry import Event, GatewayChanged
from coreops_shared import trace
from coreops_shared.clock import Clock
from coreops_shared.redact import Secret

__all__ = ["Gateway"]


class Gateway:
    """The connection to Discord.

    Args:
        token: The bot's token.
        rest_url: Address of the REST API; the gateway's own address comes from there.
        guard: Runs plugins' listeners.
        clock: Time.
        publish: Puts an event on the bus.
        prefixes: What commands begin with; other messages are dropped early while nobody else listens to them.
        pace: How often it tries again while Discord cannot be reached.
    """

    def __init__(
        self,
        token: Secret,
        rest_url: str,
        *,
        guard: Guard,
        clock: Clock,
        publish: Callable[[Event], None],
        prefixes: Sequence[str] = (),
        pace: Pace | None = None,
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
        self._losses = LossCount(self._pulse, clock.monotonic)
        self.keeper = Keeper(lambda: self.bot, pace or Pace(), clock, opens=self._pulse.reset, told=self._changed)

    def require(self, needs: Iterable[Capability]) -> None:
        """Take a plugin's capabilities into account; call it before :attr:`bot` is first used."""
        if Capability.MEMBERS in frozenset(needs):
            self._extra |= hikari.Intents.GUILD_MEMBERS

    def add_listener(
        self, plugin: str, listener: Listener, call: Callable[[Any], Awaitable[None]]
    ) -> Callable[[], None]:
        """Take a plugin's listener; return what takes it out. Raises DeclarationError, see :class:`Listeners`."""
        return self._listeners.add(plugin, listener, call)

    def held_by(self, plugin: str) -> tuple[str, ...]:
        """Return the events that a plugin listens to."""
        return self._listeners.held_by(plugin)

    @property
    def bot(self) -> hikari.GatewayBot:
        """hikari's bot, built at first use with the intents that are needed by then.

        Raises:
            RefusedError: the token cannot be one of Discord's.
        """
        if self._bot is None:
            intents = BASE_INTENTS | self._extra | self._listeners.intents()
            self._bot = build(self._token, self._rest_url, intents, self._pulse)
            self._listeners.attach(self._bot)
            self._prefilter.watch(Overheard(self._bot.event_manager))
            self._bot.event_manager.subscribe(hikari.ShardReadyEvent, self._on_ready)
            self._bot.event_manager.subscribe(hikari.ShardResumedEvent, self._on_resumed)
            self._bot.event_manager.subscribe(hikari.ShardDisconnectedEvent, self._on_disconnected)
        return self._bot

    def hear(self, take: Callable[[Message, bytes], None]) -> None:
        """Hand over what people write that begins as a command does, with its payload; ``take`` must not raise."""
        self._prefilter.hear(take)

    async def connect(self) -> None:
        """Connect, see :meth:`Keeper.open`."""
        await self.keeper.open()

    async def closed(self) -> None:
        """Wait for :meth:`close` and keep the connection up until then, see :meth:`Keeper.closed`."""
        await self.keeper.closed()

    async def close(self) -> None:
        """Disconnect for good; does nothing when not connected. Raises UpstreamError when it takes longer than 10 s."""
        if self._bot is not None:
            await self.keeper.close()

    def break_off(self, reason: str) -> None:
        """Let hikari connect anew and resume, at its next heartbeat; nothing that happened meanwhile is lost."""
        self._pulse.break_off(reason)

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

    def losses(self) -> Losses:
        """Return what never reached us since the start."""
        return Losses(self._losses.sessions, self._losses.seconds, self._pulse.undecodable)

    def health(self) -> CheckResult:
        """Return whether Discord is connected; the component ``gateway`` of the health report."""
        outage = self.keeper.outage
        if outage is not None:
            text = f"{outage.reason}; tried {outage.tries} times since {outage.since:%H:%M} UTC, "
            return CheckResult(HealthStatus.DOWN, f"{text}{self._next_try(outage)}")
        if self._bot is None or not self._bot.is_alive:
            return CheckResult(HealthStatus.DOWN, "not connected")
        if not self.connected:
            return CheckResult(HealthStatus.DOWN, "disconnected, hikari is reconnecting")
        latency = self.latency
        return CheckResult(HealthStatus.OK, "connected" if latency is None else f"latency {latency * 1000:.0f} ms")

    def _next_try(self, outage: Outage) -> str:
        left = (outage.next_at - self._clock.now()).total_seconds()
        return f"again in {duration(left)}" if left > 0 else "trying now"

    async def _on_ready(self, event: hikari.ShardReadyEvent) -> None:
        self._losses.renewed()
        self._changed("connected", f"shard {event.shard.id} as {event.my_user.username}")

    async def _on_resumed(self, event: hikari.ShardResumedEvent) -> None:
        self._losses.resumed()
        self._changed("resumed", f"shard {event.shard.id}")

    async def _on_disconnected(self, event: hikari.ShardDisconnectedEvent) -> None:
        self._losses.disconnected()
        self._changed("disconnected", f"shard {event.shard.id}")

    def _changed(self, state: str, detail: str) -> None:
        self._publish(
            GatewayChanged(
                at=self._clock.now(), trace=trace.current() or trace.new(), actor="gateway", state=state, detail=detail
            )
        )
