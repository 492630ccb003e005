"""Every error of CoreOps, in one tree.

::

    CoreOpsError
    ├── DeclarationError          a plugin declared something that cannot be
    ├── CapabilityError           a plugin used a capability that it did not declare
    ├── ConfigError               settings or Config cells that cannot be used
    │   └── RefusedError          discord will not have the bot until something is changed
    ├── CacheError
    │   ├── UnknownBucketError    no bucket of that name
    │   └── BucketColdError       the bucket has never been read
    ├── UnknownJobError           no job of that name
    ├── CommandError
    │   ├── DeniedError           the caller may not run this
    │   ├── UsageError            the caller's arguments do not fit
    │   ├── CooldownError         the caller must wait
    │   ├── UnavailableError      the owning plugin cannot serve now
    │   └── PluginRefusedError    a plugin cannot be loaded, unloaded or reloaded as asked
    └── UpstreamError             a service outside failed; never counted against a plugin
        ├── OutboxError               a write was not accepted: the outbox is full, or the disk cannot be used
        └── SheetsError
            ├── SheetsAuthError         credentials refused
            ├── SheetsPermissionError   the account may not open it
            ├── SheetsNotFoundError     no such spreadsheet or tab
            ├── SheetsQuotaError        too many requests
            ├── SheetsSchemaError       headers do not fit the declared columns
            └── SheetsUnavailableError  outage, timeout or unreadable answer

Messages are lower-case without a full stop and name the thing, the place and the remedy.
:attr:`CoreOpsError.user_message` is the same said to a person in Discord.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

__all__ = [
    "BucketColdError",
    "CacheError",
    "CapabilityError",
    "CommandError",
    "ConfigError",
    "CooldownError",
    "CoreOpsError",
    "DeclarationError",
    "DeniedError",
    "OutboxError",
    "PluginRefusedError",
    "RefusedError",
    "SheetsAuthError",
    "SheetsError",
    "SheetsNotFoundError",
    "SheetsPermissionError",
    "SheetsQuotaError",
    "SheetsSchemaError",
    "SheetsUnavailableError",
    "UnavailableError",
    "UnknownBucketError",
    "UnknownJobError",
    "UpstreamError",
    "UsageError",
]


class CoreOpsError(Exception):
    """Root of the tree.

    Args:
        message: For logs and operators: lower-case, names the thing, the place and the remedy.
        user_message: For a Discord reply; without it the message itself is used.
    """

    def __init__(self, message: str, *, user_message: str | None = None) -> None:
        super().__init__(message)
        self._user_message = user_message

    @property
    def user_message(self) -> str:
        """A sentence fit for a Discord reply: no identifiers of the machine, no secrets."""
        if self._user_message is not None:
            return self._user_message
        text = str(self)
        return f"{text[:1].upper()}{text[1:]}."


class DeclarationError(CoreOpsError):
    """A plugin declared something that cannot be; it is refused, the others are served."""


class CapabilityError(CoreOpsError):
    """A plugin used a capability that its ``PluginInfo.needs`` does not name."""


class ConfigError(CoreOpsError):
    """Settings that cannot be used; :attr:`problems` lists all of them at once."""

    def __init__(self, message: str, *, problems: Sequence[str] = (), user_message: str | None = None) -> None:
        super().__init__(message, user_message=user_message)
        self.problems: tuple[str, ...] = tuple(problems)


class RefusedError(ConfigError):
    """Discord will not have the bot until something is changed there or here: the token, an intent, a version."""


class CacheError(CoreOpsError):
    """A bucket cannot serve."""


class UnknownBucketError(CacheError):
    """No plugin contributed a bucket of that name."""


class BucketColdError(CacheError):
    """The bucket has never been read and has no last-known-good copy."""


class UnknownJobError(CoreOpsError):
    """No plugin, bucket or room of the runtime has a job of that name."""


class CommandError(CoreOpsError):
    """A command cannot run, through no fault of the plugin that owns it."""


class DeniedError(CommandError):
    """The caller may not run this command."""


class UsageError(CommandError):
    """The caller's arguments do not fit the command's options."""


class CooldownError(CommandError):
    """The caller must wait.

    Args:
        message: See :class:`CoreOpsError`.
        retry_after: Seconds until the command may be run again.
    """

    def __init__(self, message: str, *, retry_after: float, user_message: str | None = None) -> None:
        super().__init__(message, user_message=user_message)
        self.retry_after = retry_after


class UnavailableError(CommandError):
    """The plugin that owns the command is not active or is quarantined."""


class PluginRefusedError(CommandError):
    """A plugin cannot be loaded, unloaded, reloaded or put into quarantine as asked; nothing was changed."""


class UpstreamError(CoreOpsError):
    """A service outside failed. Never counted as a fault of the plugin that called it."""


class OutboxError(UpstreamError):
    """A write to a spreadsheet was not accepted; nothing was changed and nothing will be."""


class SheetsError(UpstreamError):
    """Google Sheets, or the workbook that stands in for it, did not serve.

    Args:
        message: See :class:`CoreOpsError`.
        retry_after: Seconds the server asked us to wait (``Retry-After``, RFC 9110 section 10.2.3), if it did.
    """

    retryable: ClassVar[bool] = False
    """Whether the same call may succeed if it is repeated soon."""

    def __init__(self, message: str, *, retry_after: float | None = None, user_message: str | None = None) -> None:
        super().__init__(message, user_message=user_message)
        self.retry_after = retry_after


class SheetsAuthError(SheetsError):
    """The service-account credentials were refused."""


class SheetsPermissionError(SheetsError):
    """The account may not open the spreadsheet: share it with the account's address."""


class SheetsNotFoundError(SheetsError):
    """The spreadsheet or the tab does not exist."""


class SheetsQuotaError(SheetsError):
    """Too many requests (HTTP 429)."""

    retryable = True


class SheetsSchemaError(SheetsError):
    """The tab's header row does not fit the declared columns; :attr:`problems` lists every mismatch."""

    def __init__(self, message: str, *, problems: Sequence[str] = (), user_message: str | None = None) -> None:
        super().__init__(message, user_message=user_message)
        self.problems: tuple[str, ...] = tuple(problems)


class SheetsUnavailableError(SheetsError):
    """An outage: connection failure, timeout, HTTP 5xx or an unreadable answer."""

    retryable = True
