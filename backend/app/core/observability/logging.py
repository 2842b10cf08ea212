"""Structured logging: lines of JSON, or plain text in development."""

import logging
import sys
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import partial

import orjson
import structlog
from asyncpg import PostgresError
from structlog.dev import ConsoleRenderer
from structlog.typing import EventDict, Processor

from app.core.config import Settings

TRACEBACK, FOR_PEOPLE = "Traceback", "RuntimeError: "
UVICORN = ("uvicorn", "uvicorn.error", "uvicorn.access")

current_request_id: ContextVar[str | None] = ContextVar("current_request_id", default=None)
"""The id of the present request, if any."""

current_trace_id: ContextVar[str | None] = ContextVar("current_trace_id", default=None)
"""The id of the present trace, if any."""


def configure_logging(settings: Settings) -> None:
    """Configures the service and its libraries to log to stdout, a line per entry.

    ``log_level`` applies to the service and uvicorn; other libraries log warnings and above.
    """
    level = logging.getLevelNamesMapping()[settings.log_level.upper()]
    pretty = settings.environment == "development"
    structlog.configure(
        processors=[
            complete,
            partial(explain, messages=pretty),
            for_people() if pretty else for_programs,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=Stdout,
    )
    logging.getLogger("app").setLevel(level)
    for name in UVICORN:  # uvicorn has installed its own handlers by now
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.setLevel(level)
        logger.propagate = name != "uvicorn.access"  # replaced by EnvelopeMiddleware
    root = logging.getLogger()
    if not any(isinstance(handler, Forwarder) for handler in root.handlers):
        root.addHandler(Forwarder())


class Stdout:
    """A structlog logger that writes to stdout.

    Args:
        name: The name of the logger.
    """

    def __init__(self, name: str) -> None:
        self.name = name

    def write(self, line: bytes) -> None:
        """Writes a line. A closed pipe is ignored, since it can't be reported."""
        try:
            sys.stdout.buffer.write(line)
            sys.stdout.buffer.flush()
        except OSError:
            pass

    debug = info = warning = error = critical = write


class Forwarder(logging.Handler):
    """Forwards log records of libraries."""

    def emit(self, record: logging.LogRecord) -> None:
        """Forwards a record; of an error only the first line, since the others may quote values."""
        logger, level = structlog.get_logger(record.name), record.levelno // 10 * 10
        error = record.exc_info[1] if record.exc_info else None
        try:
            message = record.getMessage()
            if error:
                message = message.partition("\n")[0]
            elif message.startswith(TRACEBACK):
                message = without_traceback(message)
            logger.log(level, message, exc_info=error)
        except Exception:  # noqa: BLE001 (a fault of logging must not affect the caller)
            logger.log(level, "unreadable")


def without_traceback(message: str) -> str:
    """The message of a RuntimeError that prevents the start, without its traceback."""
    *_, last = message.strip().splitlines()
    return last.removeprefix(FOR_PEOPLE) if last.startswith(FOR_PEOPLE) else message


def complete(logger: Stdout, level: str, event: EventDict) -> EventDict:
    """Adds time, level, logger and request id."""
    line = {"time": datetime.now(UTC), "level": level, "event": event.pop("event")}
    line["logger"] = logger.name
    if request_id := current_request_id.get():
        line["request_id"] = request_id
    if trace_id := current_trace_id.get():
        line["trace_id"] = trace_id
    return {**line, **event}


def explain(_: Stdout, __: str, event: EventDict, *, messages: bool) -> EventDict:
    """Renders an error: its location and its causes.

    Args:
        event: The entry, with the error as `exc_info`, if any.
        messages: Whether to include messages, which may contain user input.
    """
    if error := event.pop("exc_info", None):
        event["exception"] = "\n".join(
            "".join(traceback.format_tb(each.__traceback__)) + name_of(each, message=messages)
            for each in reversed(origins(error))
        )
    return event


def origins(error: BaseException) -> list[BaseException]:
    """An error and its causes."""
    found = [error]
    for each in found:
        if isinstance(each, BaseExceptionGroup):
            found += each.exceptions
        cause = each.__cause__ or (None if each.__suppress_context__ else each.__context__)
        if cause and cause not in found:
            found.append(cause)
    return found


def name_of(error: BaseException, *, message: bool = False) -> str:
    """The kind of an error; for errors of the database with facts that contain no row values.

    Args:
        error: The error.
        message: Whether to add its message, without the values of rows.
    """
    name = f"{type(error).__module__}.{type(error).__qualname__}"
    said: object = error
    if isinstance(error, PostgresError):
        facts = (error.sqlstate, error.table_name, error.constraint_name)
        name = f"{name} ({', '.join(filter(None, facts))})"
        said = error.args[0] if error.args else ""  # `str(error)` would add the values
    return f"{name}: {said}" if message else name


def for_programs(_: Stdout, __: str, event: EventDict) -> bytes:
    """Writes a line of JSON."""
    return orjson.dumps(event, default=str, option=orjson.OPT_UTC_Z | orjson.OPT_APPEND_NEWLINE)


def for_people() -> Processor:
    """Renders plain text, with colours on a terminal."""
    render = ConsoleRenderer(colors=sys.stdout.isatty(), timestamp_key="time")

    def write(logger: Stdout, level: str, event: EventDict) -> bytes:
        event["time"] = event["time"].astimezone().strftime("%H:%M:%S")
        return f"{render(logger, level, event)}\n".encode()

    return write
