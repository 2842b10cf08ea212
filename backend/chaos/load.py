"""Requests at a chosen rate, whether or not they are answered: what a crowd does."""

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

TICK = 0.005  # seconds between two looks at what is due
MOST_CONNECTIONS = 8_000
PATIENCE = 5.0  # seconds after the last request for answers that are still due
LENGTH = b"content-length:"


@dataclass
class Answers:
    """How requests were answered."""

    seconds: float
    times: dict[int, list[float]] = field(default_factory=dict)
    """For each status, how many seconds each answer took, from when the request was due."""
    unanswered: int = 0

    def asked(self) -> float:
        """How many requests there were per second."""
        return (sum(map(len, self.times.values())) + self.unanswered) / self.seconds

    def rate(self, status: int) -> float:
        """How many answers with a status there were per second."""
        return len(self.times.get(status, ())) / self.seconds

    def percentile(self, status: int, share: float) -> float:
        """The time in which this share of the answers with a status came; 0 if there were none."""
        times = sorted(self.times.get(status, [0.0]))
        return times[min(int(share * len(times)), len(times) - 1)]


class Connection(asyncio.Protocol):
    """A connection that has one request under way at a time.

    Args:
        answers: Where its answers are counted.
        idle: Where it goes when it has nothing to do.
    """

    def __init__(self, answers: Answers, idle: deque["Connection"]) -> None:
        self._answers, self._idle = answers, idle
        self._due: float | None = None
        self._received = b""
        self.transport: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Notes where to write."""
        self.transport = transport

    def send(self, request: bytes, due: float) -> None:
        """Sends a request that was due at some time."""
        self._due, self._received = due, b""
        self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        """Counts the answer when all of it is here."""
        self._received += data
        head, end, body = self._received.partition(b"\r\n\r\n")
        length = int(head.lower().partition(LENGTH)[2].partition(b"\r\n")[0]) if end else 0
        if end and len(body) >= length and self._due is not None:
            took = asyncio.get_running_loop().time() - self._due
            self._answers.times.setdefault(int(head[9:12]), []).append(took)
            self._due = None
            self._idle.append(self)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 (asyncio's)
        """Counts a request that nobody answers any more."""
        if self._due is not None:
            self._answers.unanswered += 1
            self._due = None


async def load(port: int, requests: Sequence[bytes], rate: float, seconds: float) -> Answers:
    """Sends requests to this machine, in this order and from the beginning again.

    Args:
        port: Where the service is.
        requests: What to send.
        rate: How many are due per second.
        seconds: For how long.
    """
    loop = asyncio.get_running_loop()
    answers, idle = Answers(seconds), deque[Connection]()
    everyone: list[Connection] = []
    begun, sent = loop.time(), 0
    while (elapsed := loop.time() - begun) < seconds:
        while sent < elapsed * rate:
            if not idle and len(everyone) < MOST_CONNECTIONS:
                _, made = await loop.create_connection(
                    lambda: Connection(answers, idle), "127.0.0.1", port
                )
                everyone.append(made)
                idle.append(made)
            if not idle:
                break
            idle.popleft().send(requests[sent % len(requests)], begun + sent / rate)
            sent += 1
        await asyncio.sleep(TICK)
    deadline = loop.time() + PATIENCE
    while len(idle) < len(everyone) and loop.time() < deadline:  # noqa: ASYNC110 (nobody tells)
        await asyncio.sleep(TICK)
    answers.unanswered += len(everyone) - len(idle)
    for connection in everyone:
        connection.transport.abort()
    return answers
