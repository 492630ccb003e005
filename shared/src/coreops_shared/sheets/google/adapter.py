"""A transport of requests that leads to another server. Imported only where one is configured."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter

__all__ = ["Elsewhere"]


class Elsewhere(HTTPAdapter):
    """Sends every request to one server, under the path and query that it has.

    Args:
        url: Where that server is, without a slash at the end.
    """

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        """Send one request there."""
        parts = urlsplit(request.url or "")
        request.url = f"{self._url}{parts.path}{f'?{parts.query}' if parts.query else ''}"
        return super().send(request, *args, **kwargs)
