"""Sessions: what outlives a connection, so that a client can resume (Discord docs, "Gateway": Resuming)."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from typing import Any

from coreops_sandbox.gateway import frames
from coreops_sandbox.gateway.codes import Op
from coreops_sandbox.gateway.frames import Presence
from coreops_sandbox.gateway.outbox import Outbox
from coreops_sandbox.gateway.view import View
from coreops_sandbox.world.events import Dispatch


class Session:
    """One identified client: its view, its sequence numbers and the payloads it may still ask for again.

    Args:
        session_id: What RESUME names.
        view: What the client sees.
        replay: Payloads kept for a RESUME; older ones are forgotten.
    """

    def __init__(self, session_id: str, view: View, *, replay: int) -> None:
        self.id = session_id
        self.view = view
        self.presence = Presence()
        self.seq = 0
        self.left_at: float | None = None
        self._sent: deque[tuple[int, bytes]] = deque(maxlen=replay)
        self._outbox: Outbox | None = None

    @property
    def outbox(self) -> Outbox | None:
        """The way to the client while one is connected."""
        return self._outbox

    def attach(self, outbox: Outbox) -> None:
        """Send through this connection from now on; the one before it, if any, must be closed by the caller."""
        self._outbox = outbox
        self.left_at = None

    def detach(self, outbox: Outbox, now: float) -> None:
        """The connection is gone; does nothing if another has taken over."""
        if self._outbox is outbox:
            self._outbox = None
            self.left_at = now

    def dispatch(self, dispatch: Dispatch) -> None:
        """Send an event of the world, if this session sees it."""
        data = self.view.of(dispatch)
        if data is not None:
            self.emit(dispatch.name, data)

    def emit(self, name: str, data: Any) -> None:
        """Send an event to this session alone, and keep it for a RESUME."""
        self.seq += 1
        # Encoded at once: the world may change the data afterwards.
        payload = frames.encode(Op.DISPATCH, data, s=self.seq, t=name)
        self._sent.append((self.seq, payload))
        if self._outbox is not None:
            self._outbox.put(payload)

    def since(self, seq: int) -> list[bytes] | None:
        """The payloads after ``seq``, or None if some of them are forgotten."""
        oldest = self._sent[0][0] if self._sent else self.seq + 1
        if seq < oldest - 1:
            return None
        return [payload for number, payload in self._sent if number > seq]


class Sessions:
    """All sessions that are connected or may still be resumed.

    Args:
        clock: Monotonic seconds.
        keep: Seconds for which a session waits for its client to come back.
    """

    def __init__(self, clock: Callable[[], float], keep: float) -> None:
        self._clock = clock
        self._keep = keep
        self._sessions: dict[str, Session] = {}

    def add(self, session: Session) -> None:
        """Take in a new session."""
        self._sessions[session.id] = session

    def find(self, session_id: str) -> Session | None:
        """The session, unless it never was, was dropped or waited too long."""
        self._forget()
        return self._sessions.get(session_id)

    def drop(self, session: Session) -> None:
        """End a session for good."""
        self._sessions.pop(session.id, None)

    def __iter__(self) -> Iterator[Session]:
        self._forget()
        return iter(tuple(self._sessions.values()))

    def _forget(self) -> None:
        limit = self._clock() - self._keep
        late = [one for one in self._sessions.values() if one.left_at is not None and one.left_at < limit]
        for session in late:
            self.drop(session)
