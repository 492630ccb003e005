"""Spans to an OpenTelemetry collector, over OTLP; only where the operator names one and has the extra installed.

Spans of one cause share its trace and stand side by side in it. They are sent by a thread of the library, in batches; a
collector that is slow or away costs spans, never a command.
"""

from __future__ import annotations

import asyncio
import threading
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
_PATIENCE: Final = 2.0
"""Seconds that the stop of the runtime waits for the collector, however much there is to send."""


class SpanSink:
    """Sends events on as spans. Subscribe :meth:`observe` to the bus.

    Args:
        exporter: Sends batches.
        resource: What every span carries, such as ``service.name``.
        patience: How many seconds :meth:`close` waits in all.
    """

    def __init__(self, exporter: SpanExporter, resource: Mapping[str, str], *, patience: float = _PATIENCE) -> None:
        self._exporter = exporter
        self._patience = patience
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

    async def close(self) -> bool:
        """Send what waits, and stop; return whether there was time for that. What is late is not sent any more."""
        # the library waits for each request to its end, so it does that in a thread that the process may leave behind
        ending = threading.Thread(target=self._provider.shutdown, name="opentelemetry-end", daemon=True)
        ending.start()
        await asyncio.to_thread(ending.join, self._patience)
        if not ending.is_alive():
            return True
        await asyncio.to_thread(self._exporter.shutdown)  # no second try, no further batch
        return False


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
