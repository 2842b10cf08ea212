"""Traces: what was done for a request or a job, and how long each part of it took.

They are made and exported by OpenTelemetry, which is imported only if somebody collects them.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING

from app.core.config import Settings

if TYPE_CHECKING:
    from app.core.observability.spans import Tracer


class Tracing:
    """Whether traces are made in this process, and by whom."""

    tracer: "Tracer | None" = None

    @contextmanager
    def exported(self, settings: Settings) -> Iterator[None]:
        """Makes traces for the time of a block, if the settings say who collects them.

        Raises:
            RuntimeError: Somebody does, but what exports them is not installed.
        """
        if not settings.otel_exporter_otlp_endpoint:
            yield
            return
        try:
            from app.core.observability.spans import Tracer
        except ModuleNotFoundError as error:
            raise RuntimeError(
                "OTEL_EXPORTER_OTLP_ENDPOINT is set, but the requirements of "
                "requirements-tracing.txt are not installed"
            ) from error
        self.tracer = Tracer(settings)
        try:
            yield
        finally:
            self.tracer.stop()
            self.tracer = None

    def task(self, name: str) -> AbstractContextManager[object]:
        """A trace of its own, for what is done in a block."""
        return self.tracer.task(name) if self.tracer else nullcontext()

    def part(self, name: str) -> AbstractContextManager[object]:
        """A part of the trace that is being made, if one is."""
        return self.tracer.part(name) if self.tracer else nullcontext()


tracing = Tracing()
"""That of this process."""
