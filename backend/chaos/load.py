"""Open-loop load generator: requests at a fixed rate, independent of the responses."""

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

TICK = 0.005  # seconds between two iterations
MOST_CONNECTIONS = 8_000
PATIENCE = 5.0  # seconds to wait for outstanding responses after the last request
LENGTH = b"content-length:"


@dataclass
class Answers:
    """Responses of a load."""

    seconds: float
    times: dict[int, list[float]] = field(default_factory=dict)
    """Response times in seconds by status, measured from the scheduled time of the request."""
    unanswered: int = 0

    def asked(self) -> float:
        """Requests per second."""
        return (sum(map(len, self.times.values())) + self.unanswered) / self.seconds

    def rate(self, status: int) -> float:
        """Responses with a status per second."""
        return len(self.times.get(status, ())) / self.seconds

    def percentile(self, status: int, share: float) -> float:
        """A percentile of the response times of a status; 0 if there are none."""
        times = sorted(self.times.get(status, [0.0]))
        return times[min(int(share * len(times)), len(times) - 1)]


class Connection(asyncio.Protocol):
    """A connection with one request in progress at a time.

    Args:
        answers: Collects the response times.
        idle: Collects idle connections.
    """

    def __init__(self, answers: Answers, idle: deque["Connection"]) -> None:
        self._answers, self._idle = answers, idle
        self._due: float | None = None
        self._received = b""
        self.transport: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Stores the transport."""
        self.transport = transport

    def send(self, request: bytes, due: float) -> None:
        """Sends a request with its scheduled time."""
        self._due, self._received = due, b""
        self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        """Records the response when it is complete."""
        self._received += data
        head, end, body = self._received.partition(b"\r\n\r\n")
        length = int(head.lower().partition(LENGTH)[2].partition(b"\r\n")[0]) if end else 0
        if end and len(body) >= length and self._due is not None:
            took = asyncio.get_running_loop().time() - self._due
            self._answers.times.setdefault(int(head[9:12]), []).append(took)
            self._due = None
            self._idle.append(self)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 (asyncio's)
        """Counts a request that got no response."""
        if self._due is not None:
            self._answers.unanswered += 1
            self._due = None


async def load(port: int, requests: Sequence[bytes], rate: float, seconds: float) -> Answers:
    """Sends requests to a local port in order, repeating the sequence.

    Args:
        port: The port of the service.
        requests: The requests as bytes.
        rate: Requests per second.
        seconds: The duration.
    """
    loop = asyncio.get_running_loop()
    answers, idle = Answers(seconds), deque[Connection]()
    connections: list[Connection] = []
    begun, sent = loop.time(), 0
    while (elapsed := loop.time() - begun) < seconds:
        while sent < elapsed * rate:
            if not idle and len(connections) < MOST_CONNECTIONS:
                _, made = await loop.create_connection(
                    lambda: Connection(answers, idle), "127.0.0.1", port
                )
                connections.append(made)
                idle.append(made)
            if not idle:
                break
            idle.popleft().send(requests[sent % len(requests)], begun + sent / rate)
            sent += 1
        await asyncio.sleep(TICK)
    deadline = loop.time() + PATIENCE
    while len(idle) < len(connections) and loop.time() < deadline:  # noqa: ASYNC110 (no notification)
        await asyncio.sleep(TICK)
    answers.unanswered += len(connections) - len(idle)
    for connection in connections:
        connection.transport.abort()
    return answers
