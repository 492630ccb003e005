"""Discord's HTTP API, version 10, over the sandbox's world."""

from __future__ import annotations

from .app import add_rest

__all__ = ["add_rest"]
