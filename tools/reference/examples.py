"""Code in hand-written pages, included from files that tests run.

A page marks the place; what stands between the marks is written anew::

    <!-- example: docs/examples/hello/src/coreops_hello/plugin.py -->
    <!-- end of example -->
"""

from __future__ import annotations

import re
from pathlib import Path

__all__ = ["with_examples"]

_PLACE = re.compile(r"(<!-- example: (\S+) -->\n)(?:.*?\n)?(<!-- end of example -->)", re.DOTALL)
_LANGUAGES = {".py": "python", ".toml": "toml", ".csv": "text"}


def with_examples(page: str, root: Path) -> str:
    """Return the page with every example as it stands in its file."""

    def include(match: re.Match[str]) -> str:
        opening, name, closing = match.groups()
        source = root / name
        return f"{opening}```{_LANGUAGES[source.suffix]}\n{source.read_text()}```\n{closing}"

    return _PLACE.sub(include, page)
