"""Spans to an OpenTelemetry collector, over OTLP; only where the operator names one and has the extra installed.

Spans of one cause share its trace and stand side by side in it. They are sent by a thread of the library, in batches; a
collector that is slow or away costs spans, never a command.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from opentelemetry.context import Context
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.id_generator import IdGenerator, RandomIdGenerator
from opentelemetry.trace import Status, StatusCode

from coreops.telemetry.spans import span_of, trace_number
from coreops_hookspecs.telemetry import Event

if TYPE_CHECKING:
    from collections.abc import Mapping

    from opentelemetry.sdk.trace.export import SpanExporter

__all__ = ["SpanSink", "collector"]

_NANO: Final = 1_000_000_000


class SpanSink:
    """Sends events on as spans. Subscribe :meth:`observe` to the bus.

    Args:
        exporter: Sends batches.
        resource: What every span carries, such as ``service.name``.
    """

    def __init__(self, exporter: SpanExporter, resource: Mapping[str, str]) -> None:
        self._ids = _Ids()
        self._provider = TracerProvider(
            resource=Resource.create(dict(resource)), id_generator=self._ids, shutdown_on_exit=False
        )
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer = self._provider.get_tracer("coreops")

    async def observe(self, event: Event) -> None:
        """Take an event; it is sent in a while."""
        span = span_of(event)
        if span is None:
            return
        ended = int(event.at.timestamp() * _NANO)
        self._ids.trace = trace_number(event.trace)
        made = self._tracer.start_span(
            span.name,
            Context(),  # no parent, whatever the caller's code has active
            attributes={**span.attributes, "actor": event.actor, "coreops.trace": event.trace},
            start_time=ended - int(span.duration * _NANO),
        )
        if span.error:
            made.set_status(Status(StatusCode.ERROR, span.error))
        made.end(ended)

    async def close(self) -> None:
        """Send what waits, and stop."""
        await asyncio.to_thread(self._provider.shutdown)


class _Ids(IdGenerator):
    """Gives the trace that the event has; spans are made one at a time."""

    def __init__(self) -> None:
        self.trace = 1
        self._random = RandomIdGenerator()

    def generate_trace_id(self) -> int:
        return self.trace

    def generate_span_id(self) -> int:
        return self._random.generate_span_id()


def collector(endpoint: str) -> SpanExporter:
    """Return what sends to a collector's HTTP address, such as ``http://127.0.0.1:4318``."""
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

    return OTLPSpanExporter(endpoint=f"{endpoint}/v1/traces", timeout=5)
