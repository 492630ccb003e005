"""Another server in Google's place, for tests and demonstrations."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import requests

__all__ = ["elsewhere"]


def elsewhere(url: str) -> Callable[[requests.Session], None]:
    """Return what prepares a session so that whatever it asks of Google goes to ``url``, under the same path.

    Args:
        url: Where the other server is, without a slash at the end.
    """

    def prepare(session: requests.Session) -> None:
        from coreops_shared.sheets.google.adapter import Elsewhere  # late: a workbook need not pay for requests

        session.trust_env = False  # neither a proxy nor a netrc of the environment has a part in this
        session.mount("https://", Elsewhere(url))  # all of Google's addresses begin so

    return prepare
