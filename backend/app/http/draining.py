"""How a process stops without failing anybody: it says so first, so that a proxy sends no more."""

import asyncio
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import current_thread, main_thread
from types import FrameType

from fastapi import FastAPI

from app.core.errors import Unavailable


class Stopping(Unavailable):
    """The process has been told to stop, and soon will."""

    code = "stopping"
    detail = "The server is shutting down."


@contextmanager
def drained(app: FastAPI, seconds: float) -> Iterator[None]:
    """Has SIGTERM stop the server later, and ``/readyz`` tell until then that it will.

    Requests that come meanwhile are answered as ever. A second SIGTERM is obeyed at once, as
    Ctrl-C is.

    Args:
        app: ``app.state.draining`` says whether it is about to stop.
        seconds: How long a proxy may take to notice. With 0, or where nobody listens to SIGTERM
            (such as in a thread), nothing is changed.
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
