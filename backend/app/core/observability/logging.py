"""What the service says of its own work: lines of JSON, or in development lines for people."""

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
"""The id of the request that is being answered, if any is."""

current_trace_id: ContextVar[str | None] = ContextVar("current_trace_id", default=None)
"""The id of the trace that is being made, if any is."""


def configure_logging(settings: Settings) -> None:
    """Has the service and its libraries write to stdout, a line for whatever they have to say.

    ``log_level`` is that of the service and of uvicorn; other libraries speak from warnings on.
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
    for name in UVICORN:  # it has given itself handlers by now
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.setLevel(level)
        logger.propagate = name != "uvicorn.access"  # EnvelopeMiddleware says more, and less
    root = logging.getLogger()
    if not any(isinstance(handler, Forwarder) for handler in root.handlers):
        root.addHandler(Forwarder())


class Stdout:
    """Writes lines to stdout, as structlog wants it.

    Args:
        name: Who has something to say.
    """

    def __init__(self, name: str) -> None:
        self.name = name

    def write(self, line: bytes) -> None:
        """Writes a line. If nobody reads it any more, there is nobody to be told."""
        try:
            sys.stdout.buffer.write(line)
            sys.stdout.buffer.flush()
        except OSError:
            pass

    debug = info = warning = error = critical = write


class Forwarder(logging.Handler):
    """Passes on what libraries say."""

    def emit(self, record: logging.LogRecord) -> None:
        """Passes on a record; of one about an error the first line, since others may quote it."""
        logger, level = structlog.get_logger(record.name), record.levelno // 10 * 10
        error = record.exc_info[1] if record.exc_info else None
        try:
            message = record.getMessage()
            if error:
                message = message.partition("\n")[0]
            elif message.startswith(TRACEBACK):
                message = without_traceback(message)
            logger.log(level, message, exc_info=error)
        except Exception:  # noqa: BLE001 (its fault is not that of whoever is at work)
            logger.log(level, "unreadable")


def without_traceback(message: str) -> str:
    """Only the reason why a process can't start, if it is meant for people: a RuntimeError's."""
    *_, last = message.strip().splitlines()
    return last.removeprefix(FOR_PEOPLE) if last.startswith(FOR_PEOPLE) else message


def complete(logger: Stdout, level: str, event: EventDict) -> EventDict:
    """Says when it was, how grave it is, who says so, and during which request."""
    line = {"time": datetime.now(UTC), "level": level, "event": event.pop("event")}
    line["logger"] = logger.name
    if request_id := current_request_id.get():
        line["request_id"] = request_id
    if trace_id := current_trace_id.get():
        line["trace_id"] = trace_id
    return {**line, **event}


def explain(_: Stdout, __: str, event: EventDict, *, messages: bool) -> EventDict:
    """Puts an error into words: where it arose, and out of which others.

    Args:
        event: May have the error as `exc_info`.
        messages: Whether errors may speak for themselves. They may repeat what was entered.
    """
    if error := event.pop("exc_info", None):
        event["exception"] = "\n".join(
            "".join(traceback.format_tb(each.__traceback__)) + name_of(each, message=messages)
            for each in reversed(origins(error))
        )
    return event


def origins(error: BaseException) -> list[BaseException]:
    """An error, and behind it those that led to it."""
    found = [error]
    for each in found:
        if isinstance(each, BaseExceptionGroup):
            found += each.exceptions
        cause = each.__cause__ or (None if each.__suppress_context__ else each.__context__)
        if cause and cause not in found:
            found.append(cause)
    return found


def name_of(error: BaseException, *, message: bool = False) -> str:
    """What kind of error it is; of the database's, the facts that tell nothing of the rows.

    Args:
        error: The error.
        message: Whether what it says is added, without the values of rows.
    """
    name = f"{type(error).__module__}.{type(error).__qualname__}"
    said: object = error
    if isinstance(error, PostgresError):
        facts = (error.sqlstate, error.table_name, error.constraint_name)
        name = f"{name} ({', '.join(filter(None, facts))})"
        said = error.args[0] if error.args else ""  # as a text, it would add the values
    return f"{name}: {said}" if message else name


def for_programs(_: Stdout, __: str, event: EventDict) -> bytes:
    """Writes a line of JSON."""
    return orjson.dumps(event, default=str, option=orjson.OPT_UTC_Z | orjson.OPT_APPEND_NEWLINE)


def for_people() -> Processor:
    """Writes lines for people, in colours on a terminal."""
    render = ConsoleRenderer(colors=sys.stdout.isatty(), timestamp_key="time")

    def write(logger: Stdout, level: str, event: EventDict) -> bytes:
        event["time"] = event["time"].astimezone().strftime("%H:%M:%S")
        return f"{render(logger, level, event)}\n".encode()

    return write
