"""Request bodies of the control API. A field that is not here is refused by name."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

Name = Annotated[str, msgspec.Meta(min_length=1)]
Seconds = Annotated[float, msgspec.Meta(ge=0, le=600)]


class Body(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What all bodies share."""


class Waiting(Body, frozen=True, kw_only=True):
    """An action whose replies may be awaited.

    Args:
        as_: The member who acts, by name or id; ``as`` in JSON.
        timeout: Seconds after which what there is, is returned.
        settle: Quiet seconds after the last reply before the answer is considered complete.
        wait: Whether to wait at all.
    """

    as_: Name = msgspec.field(name="as")
    timeout: Seconds = 10.0
    settle: Seconds = 0.15
    wait: bool = True


class Attachment(Body, frozen=True, kw_only=True):
    """A file to send, its bytes in base64 (RFC 4648)."""

    filename: Name
    content_base64: str


class Say(Waiting, frozen=True, kw_only=True):
    """``POST /sandbox/say``; ``reply_to`` is a message id."""

    channel: Name
    content: str = ""
    reply_to: str | None = None
    attachments: list[Attachment] = []


class Slash(Waiting, frozen=True, kw_only=True):
    """``POST /sandbox/slash``; ``command`` is the full path, such as ``ops health``."""

    channel: Name
    command: Name
    options: dict[str, Any] = {}


class Autocomplete(Body, frozen=True, kw_only=True):
    """``POST /sandbox/autocomplete``; ``focused`` names the option being typed."""

    as_: Name = msgspec.field(name="as")
    channel: Name
    command: Name
    focused: Name
    options: dict[str, Any] = {}
    timeout: Seconds = 3.0


class Press(Waiting, frozen=True, kw_only=True):
    """``POST /sandbox/press``: a button, or a select menu with ``values``; ``message`` is an id."""

    message: Name
    custom_id: Name
    values: list[str] = []


class Modal(Waiting, frozen=True, kw_only=True):
    """``POST /sandbox/modal``; ``interaction`` is the one that the bot answered with the modal."""

    interaction: Name
    values: dict[str, str]


class React(Body, frozen=True, kw_only=True):
    """``POST /sandbox/react``."""

    as_: Name = msgspec.field(name="as")
    message: Name
    emoji: Name


class OpenThread(Body, frozen=True, kw_only=True):
    """``POST /sandbox/threads``: a public thread in a channel."""

    as_: Name = msgspec.field(name="as")
    channel: Name
    name: Name


class CloseThread(Body, frozen=True, kw_only=True):
    """``POST /sandbox/threads/close``; ``thread`` is a name or an id."""

    as_: Name = msgspec.field(name="as")
    thread: Name


class Join(Body, frozen=True, kw_only=True):
    """``POST /sandbox/members``; roles by name or id."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=32)]
    roles: list[Name] = []


class AddFault(Body, frozen=True, kw_only=True):
    """``POST /sandbox/faults``; see :mod:`coreops_sandbox.faults.specs`."""

    name: Name
    params: dict[str, Any] = {}
    match: str | None = None
    count: int | None = None
    seconds: float | None = None
