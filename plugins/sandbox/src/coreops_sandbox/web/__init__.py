"""The chat page: static files and the two routes that serve them."""

from coreops_sandbox.web.page import add_page

__all__ = ["add_page"]
