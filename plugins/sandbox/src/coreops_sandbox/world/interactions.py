"""Interactions: what was sent to the bot and how far it has answered."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from .users import User

RESPONSE_DEADLINE_S = 3.0
"""Seconds for the first response (Discord docs, Receiving and Responding)."""
TOKEN_LIFETIME_S = 900.0
"""Seconds for which the token serves edits and follow-ups (same page)."""
NO_RESPONSE = "The application did not respond"
"""What Discord's client shows under a command once the deadline has passed."""
FAILED = "This interaction failed"
"""The same under a message whose button or menu was used."""


class InteractionType(IntEnum):
    COMMAND = 2
    COMPONENT = 3
    AUTOCOMPLETE = 4
    MODAL = 5


class CallbackType(IntEnum):
    """Discord docs, Receiving and Responding, "Interaction Callback Type"."""

    MESSAGE = 4
    DEFERRED_MESSAGE = 5
    DEFERRED_UPDATE = 6
    UPDATE = 7
    CHOICES = 8
    MODAL = 9


@dataclass(slots=True)
class Interaction:
    """One interaction; `created_at` and `answered_at` are POSIX seconds of the world's clock.

    `message_id` is the message a component sits on, `original_id` the one that `@original` names,
    `deferred` is true while a deferred answer still waits for its content.
    """

    id: str
    token: str
    type: int
    user: User
    channel_id: str
    guild_id: str | None
    data: dict[str, Any]
    created_at: float
    message_id: str | None = None
    trigger: Interaction | None = None
    answered_at: float | None = None
    callback: int | None = None
    deferred: bool = False
    deferred_flags: int = 0
    original_id: str | None = None
    message_ids: list[str] = field(default_factory=list)
    modal: dict[str, Any] | None = None
    modal_submitted: bool = False
    choices: list[dict[str, Any]] | None = None

    @property
    def answered(self) -> bool:
        return self.callback is not None

    def too_late(self, now: float) -> bool:
        """Whether the first response would come after the deadline."""
        return now - self.created_at > RESPONSE_DEADLINE_S

    def token_expired(self, now: float) -> bool:
        return now - self.created_at > TOKEN_LIFETIME_S

    def error(self, now: float) -> str | None:
        """What Discord shows the user in place of an answer, or None."""
        if self.answered or not self.too_late(now):
            return None
        return FAILED if self.type == InteractionType.COMPONENT else NO_RESPONSE

    @property
    def command_name(self) -> str:
        """`ops health` for a sub-command, empty for what is not a command."""
        words, options = [self.data.get("name", "")], self.data.get("options") or []
        while options and options[0]["type"] in {1, 2}:
            words.append(options[0]["name"])
            options = options[0].get("options") or []
        return " ".join(words)

    def metadata(self) -> dict[str, Any]:
        """The `interaction_metadata` of the messages that answer it (Discord docs, Message)."""
        owners = {"0": self.guild_id or "0"}
        data: dict[str, Any] = {
            "id": self.id,
            "type": self.type,
            "user": self.user.payload(),
            "authorizing_integration_owners": owners,
        }
        if self.type == InteractionType.COMPONENT:
            data["interacted_message_id"] = self.message_id
        if self.type == InteractionType.COMMAND:
            data |= {"name": self.command_name, "command_type": self.data["type"]}
        if self.type == InteractionType.MODAL and self.trigger is not None:
            data["triggering_interaction_metadata"] = self.trigger.metadata()
        return data

    def legacy(self) -> dict[str, Any] | None:
        """The deprecated `interaction` field, which Discord sends for commands only."""
        if self.type != InteractionType.COMMAND:
            return None
        return {"id": self.id, "type": self.type, "name": self.command_name, "user": self.user.payload()}
