"""The faults that are active now: added, consulted, counted down and removed."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any, TypeVar

import msgspec

from coreops_sandbox.faults.specs import SPECS, Params, Spec
from coreops_sandbox.world.events import Hub
from coreops_sandbox.world.lookup import SandboxError, unknown

_Kind = TypeVar("_Kind", bound=Params)


@dataclass(slots=True, eq=False)
class Fault:
    """One active fault.

    Args:
        id: Its name in the control API.
        spec: Its kind.
        params: What it was told.
        match: For faults of requests, a glob over ``METHOD /path`` below the API root; None matches all.
        left: How often it will still strike; None for as long as it lasts.
        until: When it ends, on the clock of :class:`Faults`; None for never.
        hits: How often it struck.
        holders: Requests and connections that it holds back now.
        gone: Set once it has ended.
    """

    id: str
    spec: Spec
    params: Params
    match: str | None
    left: int | None
    until: float | None
    hits: int = 0
    holders: int = 0
    gone: asyncio.Event = field(default_factory=asyncio.Event)

    def told(self, kind: type[_Kind]) -> _Kind:
        """The parameters as their own type."""
        assert isinstance(self.params, kind)
        return self.params

    def strikes(self, target: str) -> bool:
        """Whether it concerns ``METHOD /path``."""
        return self.left != 0 and (self.match is None or fnmatchcase(target, self.match))


@contextmanager
def held(fault: Fault) -> Iterator[None]:
    """Keep a fault active while it holds something back, even if its count is used up."""
    fault.holders += 1
    try:
        yield
    finally:
        fault.holders -= 1


class Faults:
    """What shall go wrong; :attr:`added` tells of each new fault.

    Args:
        clock: Monotonic seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.added: Hub[Fault] = Hub()
        self._clock = clock
        self._ids = itertools.count(1)
        self._faults: dict[str, Fault] = {}

    def add(
        self,
        name: str,
        params: Mapping[str, Any] | None = None,
        *,
        match: str | None = None,
        count: int | None = None,
        seconds: float | None = None,
    ) -> Fault:
        """Let something go wrong from now on.

        Args:
            name: One of :data:`SPECS`.
            params: See the kind's parameters; all have defaults.
            match: For faults of requests: a glob such as ``POST /channels/*`` or ``* /channels/*/messages``.
            count: How often at most.
            seconds: For how long at most.

        Raises:
            SandboxError: An unknown name or parameter, or a value that cannot be.
        """
        spec = SPECS.get(name)
        if spec is None:
            raise unknown("fault", name, SPECS)
        try:
            told = msgspec.convert(dict(params or {}), spec.params)
        except msgspec.ValidationError as error:
            raise SandboxError(
                f"fault {name}: {error}; it takes {', '.join(spec.defaults()) or 'no parameters'}"
            ) from None
        _check(spec, match, count, seconds)
        if spec.once and count is None and seconds is None:
            count = 1
        until = None if seconds is None else self._clock() + seconds
        fault = Fault(f"f{next(self._ids)}", spec, told, match, count, until)
        self._faults[fault.id] = fault
        self.added.publish(fault)
        return fault

    def remove(self, fault_id: str) -> None:
        """End one fault; raises SandboxError if it is not active."""
        if fault_id not in self._active():
            raise unknown("active fault", fault_id, self._faults)
        self._faults.pop(fault_id).gone.set()

    def clear(self) -> None:
        """End all faults; what they held back goes on."""
        for fault_id in tuple(self._faults):
            self._faults.pop(fault_id).gone.set()

    def list(self) -> list[dict[str, Any]]:
        """The active faults as the control API shows them."""
        return [self.describe(fault) for fault in self._active().values()]

    def describe(self, fault: Fault) -> dict[str, Any]:
        """One fault as the control API shows it; ``seconds`` is what is left of its time."""
        return {
            "id": fault.id,
            "name": fault.spec.name,
            "params": msgspec.to_builtins(fault.params),
            "match": fault.match,
            "count": fault.left,
            "seconds": None if fault.until is None else max(0.0, fault.until - self._clock()),
            "hits": fault.hits,
        }

    def find(self, name: str, target: str = "") -> Fault | None:
        """The oldest active fault of that kind that concerns ``target``."""
        active = self._active().values()
        return next((fault for fault in active if fault.spec.name == name and fault.strikes(target)), None)

    def take(self, name: str, target: str = "") -> Fault | None:
        """Like :meth:`find`, and count one strike."""
        fault = self.find(name, target)
        if fault is not None:
            self.strike(fault)
        return fault

    def strike(self, fault: Fault) -> None:
        """Count one strike of an active fault."""
        fault.hits += 1
        if fault.left is not None:
            fault.left -= 1

    async def passable(self, name: str) -> None:
        """Return once no fault of that kind is active."""
        while (fault := self.find(name)) is not None:
            await self.ended(fault)

    async def ended(self, fault: Fault) -> None:
        """Return once ``fault`` is removed or its time is over, keeping it in the list until then."""
        with held(fault):
            while not fault.gone.is_set() and self._active().get(fault.id) is fault:
                left = None if fault.until is None else fault.until - self._clock()
                with suppress(TimeoutError):
                    await asyncio.wait_for(fault.gone.wait(), left)

    def _active(self) -> dict[str, Fault]:
        now = self._clock()
        for fault in tuple(self._faults.values()):
            spent = fault.left == 0 and not fault.holders
            if spent or (fault.until is not None and fault.until <= now):
                self._faults.pop(fault.id).gone.set()
        return self._faults


def _check(spec: Spec, match: str | None, count: int | None, seconds: float | None) -> None:
    if match is not None and spec.name.startswith("gateway."):
        raise SandboxError(f"fault {spec.name} takes no match: gateway faults concern no requests")
    if count is not None and (count < 1 or not spec.countable):
        raise SandboxError(f"fault {spec.name}: count {count} cannot be; give {_limits(spec)}")
    if seconds is not None and seconds <= 0:
        raise SandboxError(f"fault {spec.name}: seconds {seconds} cannot be; give {_limits(spec)}")


def _limits(spec: Spec) -> str:
    return "a positive count, or seconds" if spec.countable else "seconds, or remove it when it has done its work"
