"""Hooks that declare. Synchronous and pure: called once while a plugin is loaded, without a running Discord.

They are called in a thread beside the event loop, after the import of the plugin, and have 15 s together with it. An
exception, a wrong type, a name that another plugin owns or a hook that hangs fails the plugin that did it alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from coreops_hookspecs.cache import BucketSpec
from coreops_hookspecs.config import Setting, Toggle
from coreops_hookspecs.controls import Control
from coreops_hookspecs.declarations import Command, Listener, PluginInfo, Route
from coreops_hookspecs.health import HealthCheck
from coreops_hookspecs.jobs import JobSpec
from coreops_hookspecs.markers import hookspec
from coreops_hookspecs.texts import Texts

if TYPE_CHECKING:
    import click


@hookspec
def coreops_plugin_info() -> PluginInfo:
    """Return who the plugin is. Required; called first.

    .. versionadded:: 0.1
    """


@hookspec
def coreops_addhooks() -> Sequence[Callable[..., Any]]:
    """Return functions that specify hooks of the plugin's own, for plugins that name it in ``depends``.

    Each is an ``async def coreops_<plugin>_<what>(ctx, ...)`` under ``@hookspec``. The plugin calls them through
    ``ctx.hooks``; they are there as long as it is loaded.

    .. versionadded:: 0.1
    """


@hookspec
def coreops_settings() -> Sequence[Setting]:
    """Return the configuration keys that the plugin reads through ``ctx.config``.

    .. versionadded:: 0.1
    """


@hookspec
def coreops_feature_toggles() -> Sequence[Toggle]:
    """Return the feature toggles that the plugin asks ``ctx.toggles`` about or names in its commands.

    .. versionadded:: 0.1
    """


@hookspec
def coreops_cache_buckets() -> Sequence[BucketSpec[Any]]:
    """Return the cached tables that the plugin reads through ``ctx.cache``. Needs ``sheets.read``.

    .. versionadded:: 0.1
    """


@hookspec
def coreops_commands() -> Sequence[Command]:
    """Return lightbulb commands and groups. A command without a declared tier is refused.

    .. versionadded:: 0.1
    """


@hookspec
def coreops_controls() -> Sequence[Control]:
    """Return what answers the plugin's buttons, menus and forms, also on messages from before a restart.

    .. versionadded:: 0.1
    """


@hookspec
def coreops_texts() -> Sequence[Texts]:
    """Return what the plugin says in other languages than English: ``Texts.load(__name__)``.

    .. versionadded:: 0.1
    """


@hookspec
def coreops_listeners() -> Sequence[Listener]:
    """Return gateway event listeners. Message events need ``message_content``, member events ``members``.

    .. versionadded:: 0.1
    """


@hookspec
def coreops_jobs() -> Sequence[JobSpec]:
    """Return scheduled jobs. Needs ``scheduler``.

    .. versionadded:: 0.1
    """


@hookspec
def coreops_health_checks() -> Sequence[HealthCheck]:
    """Return health checks, run when ``/health`` or ``!ops health`` is asked.

    .. versionadded:: 0.1
    """


@hookspec
def coreops_http_routes() -> Sequence[Route]:
    """Return HTTP routes, served under ``/p/<plugin>/``. Needs ``http``.

    .. versionadded:: 0.1
    """


@hookspec
def coreops_cli(group: click.Group) -> None:
    """Add commands to the ``coreops`` command line. Called in a process without a runtime.

    .. versionadded:: 0.1
    """
