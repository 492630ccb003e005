"""Discord's errors: status, JSON code and text (Discord docs, Opcodes and Status Codes, "JSON Error Codes")."""

from __future__ import annotations

from typing import Any

JSON = dict[str, Any]


class ApiError(Exception):
    """An answer with an error body; `errors` is the nested object of "Invalid Form Body"."""

    def __init__(self, status: int, code: int, message: str, *, errors: JSON | None = None) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status = status
        self.code = code
        self.message = message
        self.errors = errors

    def body(self) -> JSON:
        data: JSON = {"message": self.message, "code": self.code}
        return data if self.errors is None else {**data, "errors": self.errors}


_UNKNOWN = {
    "Application": 10002,
    "Channel": 10003,
    "Guild": 10004,
    "Member": 10007,
    "Message": 10008,
    "Permission Overwrite": 10009,
    "Role": 10011,
    "User": 10013,
    "Emoji": 10014,
    "Webhook": 10015,
    "Ban": 10026,
    "Interaction": 10062,
    "application command": 10063,
    "application command permissions": 10066,
    "Sticker": 10060,
}
_FORBIDDEN = {
    50001: "Missing Access",
    50003: "Cannot execute action on a DM channel",
    50005: "Cannot edit a message authored by another user",
    50007: "Cannot send messages to this user",
    50013: "Missing Permissions",
    50021: "Cannot execute action on a system message",
    50083: "Thread is archived",
    160005: "Thread is locked",
    20012: "You are not authorized to perform this action on this application",
}
_BAD_REQUEST = {
    30003: "Maximum number of pins reached for the channel (250)",
    30005: "Maximum number of guild roles reached (250)",
    30007: "Maximum number of webhooks reached (15)",
    30010: "Maximum number of reactions reached (20)",
    30013: "Maximum number of guild channels reached (500)",
    40060: "Interaction has already been acknowledged.",
    50006: "Cannot send an empty message",
    50008: "Cannot send messages in a non-text channel",
    50016: "Provided too few or too many messages to delete. Must provide at least 2 and fewer than 100 messages to"
    " delete.",
    50024: "Cannot execute action on this channel type",
    50028: "Invalid Role",
    50033: "Invalid Recipient(s)",
    50034: "You can only bulk delete messages that are under 14 days old.",
    50081: "Invalid sticker sent",
    50109: "The request body contains invalid JSON.",
    160002: "You cannot reply without permission to read message history",
    160004: "A thread has already been created for this message",
    10014: "Unknown Emoji",
}


def unknown(what: str) -> ApiError:
    """404 for a thing that does not exist; `what` is Discord's name for it, such as "Channel"."""
    return ApiError(404, _UNKNOWN[what], f"Unknown {what}")


def forbidden(code: int) -> ApiError:
    return ApiError(403, code, _FORBIDDEN[code])


def bad_request(code: int) -> ApiError:
    return ApiError(400, code, _BAD_REQUEST[code])


def unauthorized() -> ApiError:
    return ApiError(401, 0, "401: Unauthorized")


def invalid_webhook_token() -> ApiError:
    return ApiError(401, 50027, "Invalid Webhook Token")


def too_large() -> ApiError:
    return ApiError(413, 40005, "Request entity too large")


def not_served(what: str) -> ApiError:
    """501 for what Discord offers and the sandbox does not, so that nobody takes it for Discord's opinion."""
    return ApiError(501, 0, f"{what} are not served by the sandbox")


class Problems:
    """Collects what is wrong with a form and turns it into Discord's nested `errors`."""

    def __init__(self) -> None:
        self._found: list[tuple[tuple[str, ...], str, str]] = []

    def __bool__(self) -> bool:
        return bool(self._found)

    def add(self, path: tuple[str | int, ...], code: str, message: str) -> None:
        self._found.append((tuple(str(step) for step in path), code, message))

    def raise_if_any(self) -> None:
        """Raise 400 with code 50035 when something was added."""
        if self._found:
            raise ApiError(400, 50035, "Invalid Form Body", errors=self._nested())

    def _nested(self) -> JSON:
        root: JSON = {}
        for path, code, message in self._found:
            node = root
            for step in path:
                node = node.setdefault(step, {})
            node.setdefault("_errors", []).append({"code": code, "message": message})
        return root


def invalid(path: tuple[str | int, ...], code: str, message: str) -> ApiError:
    """A form error with one entry."""
    problems = Problems()
    problems.add(path, code, message)
    return ApiError(400, 50035, "Invalid Form Body", errors=problems._nested())  # noqa: SLF001  (same room)
