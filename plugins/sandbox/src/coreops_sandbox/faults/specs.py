"""The faults that exist, and what each may be told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

import msgspec

Status = Annotated[int, msgspec.Meta(ge=400, le=599)]
ServerStatus = Annotated[int, msgspec.Meta(ge=500, le=599)]
CloseCode = Annotated[int, msgspec.Meta(ge=1000, le=4999)]


class Params(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """No parameters; the base of all others."""


class Latency(Params, frozen=True):
    """``ms``: milliseconds that every answer waits."""

    ms: Annotated[float, msgspec.Meta(gt=0, le=600_000)] = 500.0


class RateLimit(Params, frozen=True):
    """``retry_after``: seconds to wait. ``scope``: as in X-RateLimit-Scope; ``global`` stops every route."""

    retry_after: Annotated[float, msgspec.Meta(gt=0, le=3600)] = 1.0
    scope: Literal["user", "shared", "global"] = "user"


class Failure(Params, frozen=True):
    """``after``: the request is carried out first, and only its answer is lost."""

    after: bool = False


class ServerError(Failure, frozen=True):
    """``status``: a 5xx."""

    status: ServerStatus = 500


class Html(Failure, frozen=True):
    """``status``: 4xx or 5xx, as a proxy in front of the API would send it."""

    status: Status = 502


class QuotaExceeded(Params, frozen=True):
    """``retry_after``: seconds to wait; Google sends none with 429, so there is none unless given."""

    retry_after: Annotated[float, msgspec.Meta(gt=0, le=3600)] | None = None


class Refuse(Params, frozen=True):
    """``status``: HTTP status in place of the websocket upgrade."""

    status: Status = 503


class InvalidSession(Params, frozen=True):
    """``resumable``: whether the client may RESUME; otherwise it must IDENTIFY anew."""

    resumable: bool = False


class Close(Params, frozen=True):
    """``code`` and ``reason`` of the close frame. The session can be resumed unless the code is 1000 or 1001."""

    code: CloseCode = 4000
    reason: Annotated[str, msgspec.Meta(max_length=100)] = "Unknown error."


class Garbage(Params, frozen=True):
    """``layer``: broken JSON, or bytes that break the transport compression."""

    layer: Literal["json", "transport"] = "json"


@dataclass(frozen=True, slots=True)
class Spec:
    """One kind of fault.

    Args:
        name: ``rest.…``, ``gateway.…`` or ``sheets.…``.
        params: What it may be told.
        about: One sentence for people.
        once: It strikes a connection at a moment, rather than while it lasts: without a count or a time it
            strikes once.
        countable: Whether a count makes sense.
    """

    name: str
    params: type[Params]
    about: str
    once: bool = False
    countable: bool = True

    def defaults(self) -> dict[str, Any]:
        """The parameters by name, with what they are unless told otherwise."""
        defaults: dict[str, Any] = msgspec.to_builtins(self.params())
        return defaults


_ALL = (
    Spec("rest.latency", Latency, "answers come late"),
    Spec("rest.rate_limit", RateLimit, "requests are answered with 429"),
    Spec("rest.error", ServerError, "requests are answered with a 5xx in JSON"),
    Spec("rest.html", Html, "requests are answered with a proxy's HTML error page"),
    Spec("rest.reset", Failure, "the connection is reset instead of an answer"),
    Spec("rest.hang", Failure, "no answer comes; the connection is reset when the fault ends"),
    Spec("sheets.latency", Latency, "Google's answers come late"),
    Spec("sheets.rate_limit", QuotaExceeded, "Google answers 429: the quota is used up"),
    Spec("sheets.error", ServerError, "Google answers with a 5xx in JSON"),
    Spec("sheets.html", Html, "Google answers with an HTML error page"),
    Spec("sheets.truncated", Params, "Google's answer breaks off in its middle"),
    Spec("sheets.reset", Failure, "Google's connection is reset instead of an answer"),
    Spec("sheets.hang", Failure, "no answer comes from Google; the connection is reset when the fault ends"),
    Spec("sheets.token_expired", Params, "Google takes no access token, not even a new one, while it lasts"),
    Spec("sheets.permission_lost", Params, "the spreadsheets are no longer shared with the account"),
    Spec("gateway.no_ack", Params, "heartbeats are not acknowledged"),
    Spec("gateway.freeze", Params, "nothing is sent; what was held back follows when it ends", countable=False),
    Spec("gateway.refuse", Refuse, "new connections are refused"),
    Spec("gateway.drop", Params, "the connection is cut without a close frame", once=True),
    Spec("gateway.reconnect", Params, "the client is told to reconnect and resume (op 7)", once=True),
    Spec("gateway.invalid_session", InvalidSession, "the client's session is invalidated (op 9)", once=True),
    Spec("gateway.close", Close, "the connection is closed with a code", once=True),
    Spec("gateway.garbage", Garbage, "a frame is sent that cannot be decoded", once=True),
)

SPECS: dict[str, Spec] = {spec.name: spec for spec in _ALL}
