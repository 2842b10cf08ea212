"""Graceful shutdown: the process reports it on ``/readyz`` first, so that proxies stop sending."""

import asyncio
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import current_thread, main_thread
from types import FrameType

from fastapi import FastAPI

from app.core.errors import Unavailable


class Stopping(Unavailable):
    """The process is about to stop."""

    code = "stopping"
    detail = "The server is shutting down."


@contextmanager
def drained(app: FastAPI, seconds: float) -> Iterator[None]:
    """Context manager that delays SIGTERM, with ``/readyz`` failing meanwhile.

    Requests are served normally meanwhile, but do not wait for events any more. A second SIGTERM
    stops the server at once, as does Ctrl-C.

    Args:
        app: ``app.state.draining`` is true from the signal on.
        seconds: The delay, in which proxies notice. Without a handler for SIGTERM (for example in
            a thread), nothing is changed.
    """
    loop, stop = asyncio.get_running_loop(), signal.getsignal(signal.SIGTERM)
    if not callable(stop) or current_thread() is not main_thread():
        yield
        return

    def drain(number: int, frame: FrameType | None) -> None:
        waits, app.state.draining = seconds and not app.state.draining, True
        if waits:
            loop.call_soon_threadsafe(loop.call_later, seconds, stop, number, frame)
        else:
            stop(number, frame)

    signal.signal(signal.SIGTERM, drain)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, stop)
