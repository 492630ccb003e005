"""What the installed plugins declare, without a runtime: they are imported and asked, and nothing is started."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from coreops.cli.findings import Finding, good, problem
from coreops.operations.tuning import Tuning
from coreops.plugins.context import Services
from coreops.plugins.contributions import Adder
from coreops.plugins.discovery import discover
from coreops.plugins.host import PluginHost
from coreops.plugins.kinds import KINDS
from coreops.plugins.parts import Outside
from coreops.plugins.selection import Selection
from coreops_hookspecs.cache import BucketSpec
from coreops_hookspecs.errors import ConfigError, CoreOpsError
from coreops_hookspecs.health import PluginReport, PluginState
from coreops_shared.clock import SystemClock
from coreops_shared.config.registry import Registry
from coreops_shared.feature_flags import Flags
from coreops_shared.sheets.headers import compile_spec
from coreops_shared.sheets.locales import NEUTRAL, Locale

__all__ = ["Declared"]


class _Silent:
    """A logger for a command whose table says everything."""

    def debug(self, message: str, **fields: Any) -> None: ...
    def info(self, message: str, **fields: Any) -> None: ...
    def warning(self, message: str, **fields: Any) -> None: ...
    def error(self, message: str, **fields: Any) -> None: ...
    def exception(self, message: str, **fields: Any) -> None: ...


def _no_services() -> Services:
    raise CoreOpsError("there is no runtime, so plugins have no services")


@dataclass(slots=True)
class Declared:
    """Plugins' declarations.

    Args:
        registry: Takes their settings.
        selection: Which plugins may run.
        locale: How cells are written.
        toggle_problems: What is wrong with the toggles' worksheet, once that was read.
        bucket_problems: What is wrong with the settings that tune buckets.
        buckets: Their buckets, by name.
        owners: The plugin of each bucket.
        flags: Their toggles.
        reports: What is known of the plugins.
        tuning: Brings the buckets in step with the settings.
    """

    registry: Registry
    selection: Selection
    locale: Locale = NEUTRAL
    toggle_problems: list[str] = field(default_factory=list)
    bucket_problems: list[str] = field(default_factory=list)
    buckets: dict[str, BucketSpec[Any]] = field(default_factory=dict)
    owners: dict[str, str] = field(default_factory=dict)
    flags: Flags = field(init=False)
    tuning: Tuning = field(init=False)
    reports: tuple[PluginReport, ...] = ()

    def __post_init__(self) -> None:
        self.flags = Flags(report=self.toggle_problems.append, clock=SystemClock(), locale=self.locale)
        self.tuning = Tuning(self.registry, self, self._report)

    async def collect(self) -> None:
        """Import the plugins and take what they declare."""
        manager = PluginHost(
            clock=SystemClock(),
            log=_Silent(),
            selection=self.selection,
            services=_no_services,
            outside=Outside(self.registry.require),
            on_moved=lambda _old, _new: None,
            on_fault=lambda _fault: None,
        ).manager
        await manager.declare_all(discover())
        manager.contribute_all(self._adders())
        self.reports = manager.reports()

    def findings(self) -> list[Finding]:
        """Return one finding for each plugin, after the configuration was read."""
        return [self._finding(report) for report in self.reports]

    def _finding(self, report: PluginReport) -> Finding:
        what = f"plugin {report.name}"
        if report.state is PluginState.BLOCKED:
            return good(what, f"blocked: {report.reason}")
        if report.state is not PluginState.LOADING:
            return problem(what, report.reason)
        try:
            self.registry.require(report.name)
        except ConfigError as error:
            return problem(what, str(error))
        declared = ", ".join(f"{count} {kind}{'s' * (count > 1)}" for kind, count in report.contributions.items())
        return good(what, f"{report.version}: {declared or 'nothing declared'}")

    def _adders(self) -> Mapping[str, Adder]:
        return {kind.name: _accept for kind in KINDS} | {
            "setting": self.registry.add,
            "toggle": self.flags.add,
            "bucket": self.tuning.add,
        }

    def add(self, plugin: str, spec: BucketSpec[Any]) -> Callable[[], None]:
        """Take a bucket. Raises DeclarationError."""
        compile_spec(spec)
        self.buckets[spec.name], self.owners[spec.name] = spec, plugin
        return lambda: None

    def retune(self, spec: BucketSpec[Any]) -> BucketSpec[Any]:
        """Take a bucket as the operator wants it; return what it was."""
        before, self.buckets[spec.name] = self.buckets[spec.name], spec
        return before

    def _report(self, problem: str) -> None:
        if problem not in self.bucket_problems:
            self.bucket_problems.append(problem)


def _accept(_plugin: str, _item: Any) -> Callable[[], None]:
    """Take an item that only a room could check."""
    return lambda: None
