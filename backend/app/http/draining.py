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

    Requests are served normally meanwhile. A second SIGTERM stops the server at once, as does
    Ctrl-C.

    Args:
        app: ``app.state.draining`` is true during the delay.
        seconds: The delay, in which proxies notice. With 0, or without a handler for SIGTERM
            (for example in a thread), nothing is changed.
    """
    loop, stop = asyncio.get_running_loop(), signal.getsignal(signal.SIGTERM)
    if not seconds or not callable(stop) or current_thread() is not main_thread():
        yield
        return

    def drain(number: int, frame: FrameType | None) -> None:
        if app.state.draining:
            stop(number, frame)
            return
        app.state.draining = True
        loop.call_soon_threadsafe(loop.call_later, seconds, stop, number, frame)

    signal.signal(signal.SIGTERM, drain)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, stop)
