"""What a plugin may ask for beyond declaring commands."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["Capability"]


class Capability(StrEnum):
    """What a plugin may ask for beyond declaring commands."""

    SHEETS_READ = "sheets.read"
    SHEETS_WRITE = "sheets.write"
    HTTP = "http"
    MESSAGE_CONTENT = "message_content"
    MEMBERS = "members"
    SCHEDULER = "scheduler"
    STATE = "state"
    OPERATIONS = "operations"
