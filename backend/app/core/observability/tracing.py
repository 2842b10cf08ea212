"""Traces of requests and background tasks.

Created and exported by OpenTelemetry, which is imported only if there is a collector.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING

from app.core.config import Settings

if TYPE_CHECKING:
    from app.core.observability.spans import Tracer


class Tracing:
    """The tracer of this process, if tracing is enabled."""

    tracer: "Tracer | None" = None

    @contextmanager
    def exported(self, settings: Settings) -> Iterator[None]:
        """Context manager that enables tracing, if the settings name a collector.

        Raises:
            RuntimeError: The exporter is not installed.
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
        """Context manager for a trace of its own."""
        return self.tracer.task(name) if self.tracer else nullcontext()

    def part(self, name: str) -> AbstractContextManager[object]:
        """Context manager for a part of the present trace, if any."""
        return self.tracer.part(name) if self.tracer else nullcontext()


tracing = Tracing()
"""The instance of this process."""
