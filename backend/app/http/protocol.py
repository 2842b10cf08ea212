"""How uvicorn speaks HTTP, with bounds on how long a client may take, and how much it may send.

    uvicorn --http app.http.protocol:Connection ...

A connection is aborted whose client takes too long to send the headers of a request, or to read an
answer, that sends too much beside bodies (headers, trailers, the extensions of chunks), or too many
requests without waiting for answers. Uvicorn itself has no such limits: its parser takes quadratic
time for one header that is very long, and each request that waits takes 5 KB.
"""

import asyncio

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from app.http.bodies import ANSWER_SECONDS, ARRIVED, GOES_ON

HEADERS_SECONDS = 5.0
"""For the headers, from the first byte of a request or from the beginning of the connection."""

MOST_BESIDE_BODY = 256 * 1024
"""Bytes of a request beside its body. The service refuses far smaller headers, once it has them."""

MOST_WAITING = 32
"""Requests that may wait for the answer to the one before them (pipelining, RFC 9112, 9.3.2)."""


class TooManyWaiting(Exception):
    """A client has sent more requests than may wait."""


class Connection(HttpToolsProtocol):
    """A connection that does not wait for its client for ever.

    Nothing is timed while a client keeps up: most requests arrive as a whole, and most answers are
    taken as a whole by the operating system.
    """

    _deadline: asyncio.TimerHandle | None = None
    _reads_headers = True
    _beside_body = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Waits for the first request."""
        super().connection_made(transport)
        self._abort_in(HEADERS_SECONDS)

    def connection_lost(self, exc: Exception | None) -> None:
        """Cancels all timers of the connection."""
        self._wait_no_longer()
        super().connection_lost(exc)
        # After an error, uvicorn leaves its timer for idle connections running. Until it fires, it
        # holds the closed connection in memory, with 50 KiB of buffers if it was encrypted.
        self._unset_keepalive_if_required()

    def data_received(self, data: bytes) -> None:
        """Takes what has arrived, and waits for the rest of the headers."""
        self._beside_body += len(data)
        super().data_received(data)
        if self._beside_body > MOST_BESIDE_BODY:
            self.transport.abort()
        elif self._reads_headers and self._deadline is None:
            self._abort_in(HEADERS_SECONDS)

    def on_message_begin(self) -> None:
        """A request begins.

        Raises:
            TooManyWaiting: Too many are waiting: the parser stops, and the connection ends.
        """
        if len(self.pipeline) >= MOST_WAITING:
            self.transport.abort()
            raise TooManyWaiting
        self._reads_headers = True
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """The headers of a request are complete."""
        self._reads_headers = False
        if self._deadline is not None and not self.flow.write_paused:
            self._wait_no_longer()
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """A part of a body has arrived; its size is bounded where it is read."""
        self._beside_body -= len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        """A request has arrived as a whole."""
        self._beside_body = 0
        self.scope["state"][ARRIVED] = True
        super().on_message_complete()

    def pause_writing(self) -> None:
        """The client is slower than the answer."""
        super().pause_writing()
        self._wait_for_reader()

    def resume_writing(self) -> None:
        """The client has caught up: that ends the wait, unless the rest of an answer follows."""
        super().resume_writing()
        cycle = self.cycle
        if cycle is None or cycle.response_complete or GOES_ON in cycle.scope["state"]:
            self._wait_no_longer()

    def on_response_complete(self) -> None:
        """All of an answer has been written."""
        super().on_response_complete()
        if self.transport.is_closing() and self.transport.get_write_buffer_size():
            self._wait_for_reader()
        elif self._deadline is not None and not self.flow.write_paused:
            self._wait_no_longer()

    def timeout_keep_alive_handler(self) -> None:
        """No request has come for a while: ends the connection, even if an answer is unread."""
        if self.transport.get_write_buffer_size():
            self.transport.abort()
        super().timeout_keep_alive_handler()

    def _wait_for_reader(self) -> None:
        if self._deadline is None:
            state = self.scope["state"] if self.scope else {}
            self._abort_in(state.get("answer_seconds", ANSWER_SECONDS))

    def _abort_in(self, seconds: float) -> None:
        self._deadline = self.loop.call_later(seconds, self.transport.abort)

    def _wait_no_longer(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
