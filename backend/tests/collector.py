"""A trace collector: a real server for the exports of OpenTelemetry."""

import gzip
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.proto.trace.v1.trace_pb2 import Span


class Collector:
    """Takes traces, and keeps them."""

    def __init__(self) -> None:
        self.address = ""
        self.exports: list[tuple[str, dict[str, str], bytes]] = []
        """The path, the headers and the body of each export."""

    @property
    def spans(self) -> list[Span]:
        """All spans, in the order in which they ended."""
        exports = [ExportTraceServiceRequest.FromString(body) for *_, body in self.exports]
        spans = [
            span
            for export in exports
            for resource in export.resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
        ]
        return sorted(spans, key=lambda span: span.end_time_unix_nano)

    def within(self, outer: Span) -> list[Span]:
        """The spans that are directly part of another."""
        return [span for span in self.spans if span.parent_span_id == outer.span_id]

    def named(self, name: str) -> list[Span]:
        """The spans of a name."""
        return [span for span in self.spans if span.name == name]


def attributes(span: Span) -> dict[str, Any]:
    """The attributes of a span."""
    return {
        pair.key: getattr(pair.value, str(pair.value.WhichOneof("value")))
        for pair in span.attributes
    }


@contextmanager
def collector(certificate: Path | None = None) -> Iterator[Collector]:
    """Runs a collector in threads of its own, as those who export wait for it in theirs.

    Args:
        certificate: What it shows of itself, if it is to speak TLS; the key lies beside it.
    """
    collected = Collector()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.headers.get("Content-Encoding") == "gzip":
                body = gzip.decompress(body)
            collected.exports.append((self.path, dict(self.headers), body))
            answer = ExportTraceServiceResponse().SerializeToString()
            self.send_response(200)
            self.send_header("Content-Type", "application/x-protobuf")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        if certificate:
            context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            context.load_cert_chain(certificate, certificate.with_name("key"))
            server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        scheme = "https" if certificate else "http"
        collected.address = f"{scheme}://localhost:{server.server_address[1]}"
        try:
            yield collected
        finally:
            server.shutdown()
            thread.join()
