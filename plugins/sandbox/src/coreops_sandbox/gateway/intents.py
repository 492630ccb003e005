"""Which intents a client may ask for (Discord docs, "Gateway": Gateway Intents, Privileged Intents)."""

from __future__ import annotations

from coreops_sandbox.gateway.codes import Close, ProtocolError
from coreops_sandbox.world.events import Intents

_KNOWN = sum(Intents)  # a plain number: inverting a flag would lose the unknown bits
# An application flag opens its intent, whether granted after verification or the LIMITED one of a small bot
# (Discord docs, "Application": Application Flags).
_PRIVILEGED = {
    Intents.GUILD_PRESENCES: 1 << 12 | 1 << 13,
    Intents.GUILD_MEMBERS: 1 << 14 | 1 << 15,
    Intents.MESSAGE_CONTENT: 1 << 18 | 1 << 19,
}


def granted(asked: int | None, application_flags: int) -> Intents:
    """The intents of an IDENTIFY, all allowed.

    Raises:
        ProtocolError: 4013, none were given or there are unknown bits; 4014, a privileged one is not enabled
            for the application.
    """
    if asked is None or asked < 0 or asked & ~_KNOWN:
        raise ProtocolError(Close.INVALID_INTENTS, "Invalid intent(s).")
    for intent, flags in _PRIVILEGED.items():
        if asked & intent and not application_flags & flags:
            raise ProtocolError(Close.DISALLOWED_INTENTS, "Disallowed intent(s).")
    return Intents(asked)
