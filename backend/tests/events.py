"""Clients of server-sent events (WHATWG HTML, 9.2)."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import httpx

from dev.events import Event, Parser

PATIENCE = 20.0  # seconds


class Listening:
    """A client of a stream, and the events that have come.

    Args:
        response: The response.

    Attributes:
        events: The events.
        parser: Has read them.
        begun: Set as soon as something has come.
    """

    def __init__(self, response: httpx.Response) -> None:
        self.events: list[Event] = []
        self.parser = Parser()
        self.begun, self._grown = asyncio.Event(), asyncio.Event()
        self._task = asyncio.create_task(self._read(response))

    async def _read(self, response: httpx.Response) -> None:
        with suppress(httpx.HTTPError):  # the end of a server that was killed
            async for line in response.aiter_lines():
                if event := self.parser.read(line):
                    self.events.append(event)
                    self._grown.set()
                if not line:
                    self.begun.set()

    async def until(self, count: int) -> list[Event]:
        """The events, once there are so many."""
        async with asyncio.timeout(PATIENCE):
            while len(self.events) < count:
                self._grown.clear()
                await self._grown.wait()
        return self.events

    async def ended(self) -> None:
        """Waits for the end of the stream."""
        await asyncio.wait_for(self._task, PATIENCE)

    @property
    def has_ended(self) -> bool:
        """Whether the stream has ended."""
        return self._task.done()

    def close(self) -> None:
        """Reads no further."""
        self._task.cancel()


@asynccontextmanager
async def listening_to(url: str, headers: dict[str, str]) -> AsyncIterator[Listening]:
    """Context manager for a stream, which has begun."""
    async with (
        httpx.AsyncClient(timeout=PATIENCE) as client,
        client.stream("GET", url, headers=headers) as response,
    ):
        assert response.status_code == 200, await response.aread()
        assert response.headers["Content-Type"] == "text/event-stream; charset=utf-8"
        stream = Listening(response)
        try:
            await asyncio.wait_for(stream.begun.wait(), PATIENCE)
            yield stream
        finally:
            stream.close()
