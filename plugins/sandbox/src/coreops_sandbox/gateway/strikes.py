"""Faults that strike a connection at one moment, such as op 7 or a close frame."""

from __future__ import annotations

import enum

from coreops_sandbox.faults import SPECS, Fault, Faults
from coreops_sandbox.faults.specs import Close, Garbage, InvalidSession
from coreops_sandbox.gateway import frames
from coreops_sandbox.gateway.codes import Op
from coreops_sandbox.gateway.outbox import Outbox

_NAMES = tuple(spec.name for spec in SPECS.values() if spec.once)
_BROKEN_JSON = b'{"op":0,"t":"MESSAGE_CREATE","d":{'
# A block of the reserved type 3, in deflate (RFC 1951 section 3.2.3) as in zstd (RFC 8878 section 3.1.1.2), with
# the end mark of a zlib-stream message, for which clients wait.
_BROKEN_BLOCK = b"\xff" * 12 + b"\x00\x00\xff\xff"


class Outcome(enum.Enum):
    """What a strike does to the client's session, beyond what the end of the connection does."""

    NOTHING = enum.auto()
    SESSION_LEFT = enum.auto()
    SESSION_ENDED = enum.auto()


def pending(faults: Faults) -> Fault | None:
    """The fault that strikes the next connection, counted; None most of the time."""
    taken = (faults.take(name) for name in _NAMES)
    return next((fault for fault in taken if fault is not None), None)


def apply(fault: Fault, outbox: Outbox) -> Outcome:
    """Let ``fault`` strike a client, after all that is queued for it."""
    params = fault.params
    if isinstance(params, Close):
        outbox.close(params.code, params.reason)
        return Outcome.SESSION_ENDED if params.code in {1000, 1001} else Outcome.NOTHING
    if isinstance(params, InvalidSession):
        outbox.put(frames.encode(Op.INVALID_SESSION, d=params.resumable))
        return Outcome.SESSION_LEFT if params.resumable else Outcome.SESSION_ENDED
    if isinstance(params, Garbage):
        if params.layer == "json":
            outbox.put(_BROKEN_JSON)
        else:
            outbox.put_raw(_BROKEN_BLOCK)
    elif fault.spec.name == "gateway.reconnect":
        outbox.put(frames.encode(Op.RECONNECT))
    else:
        outbox.drop()
    return Outcome.NOTHING
