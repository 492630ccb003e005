"""The two pluggy markers, the entry-point group and the version of the hook contract."""

from __future__ import annotations

from typing import Final

import pluggy

PROJECT: Final = "coreops"
"""pluggy project name; every hook is named ``coreops_<event>``."""

ENTRY_POINT_GROUP: Final = "coreops"
"""Entry-point group through which installed plugins are found."""

HOOK_API: Final = "0.1"
"""Version of the hook contract in this distribution, ``major.minor``.

A minor step adds hooks or optional fields; a major step removes or changes them.
"""

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)
