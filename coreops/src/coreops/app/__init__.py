"""The composition root: the one place that knows all rooms, and the order in which they come up.

``ground`` composes what needs neither Discord nor a spreadsheet and is up first; ``tables`` the buckets, the scheduler
and what is read from worksheets; ``discord`` the connection and the commands, imported late because its libraries are
heavy; ``main`` brings them up and down.
"""

from __future__ import annotations

from coreops.app.main import App

__all__ = ["App"]
