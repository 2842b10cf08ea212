"""Lines of the log."""

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from asyncpg import UniqueViolationError

from app.core.config import Settings
from app.core.observability.logging import Forwarder, configure_logging, current_request_id, name_of

Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def production() -> Iterator[None]:
    """A service for others."""
    configure(environment="production")
    yield
    configure(environment="development")


def configure(**settings: Any) -> None:
    values: dict[str, Any] = {"secret_key": "x" * 32, "postgres_password": "unused"}
    configure_logging(Settings(**values, **settings))


def lines(capsys: Capture) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def broken() -> UniqueViolationError:
    """An error of the database, as the driver tells it."""
    error = UniqueViolationError("duplicate key value")
    error.detail = "Key (email)=(anna@example.com) already exists."
    error.constraint_name = "uq_users_email"
    return error


def fall(*errors: BaseException) -> None:
    """Raises errors, each because of the one before, and says so."""
    cause: BaseException | None = None
    for error in errors:
        try:
            raise error from cause
        except type(error) as caught:
            cause = caught
    structlog.get_logger("anna").error("fell", exc_info=cause)


class TestLines:
    def test_are_json(self, capsys: Capture) -> None:
        structlog.get_logger("anna").warning("hello", number=5, text="two\nlines")
        (line,) = lines(capsys)
        assert line.pop("time").endswith("Z")
        assert line == {
            "level": "warning",
            "event": "hello",
            "logger": "anna",
            "number": 5,
            "text": "two\nlines",
        }

    def test_are_readable_in_development(self, capsys: Capture) -> None:
        configure(environment="development")
        structlog.get_logger("anna").warning("hello", number=5)
        assert "hello" in (said := capsys.readouterr().out)
        assert "number=5" in said

    def test_name_the_request_that_is_under_way(self, capsys: Capture) -> None:
        token = current_request_id.set("given")
        structlog.get_logger("anna").info("hello")
        logging.getLogger("ben").warning("hello")
        current_request_id.reset(token)
        structlog.get_logger("anna").info("hello")
        assert [line.get("request_id") for line in lines(capsys)] == ["given", "given", None]

    @pytest.mark.parametrize(("level", "number"), [("debug", 3), ("info", 2), ("error", 0)])
    def test_are_as_many_as_are_wanted(self, capsys: Capture, level: str, number: int) -> None:
        configure(environment="production", log_level=level)
        for grade in ("debug", "info", "warning"):
            getattr(structlog.get_logger("anna"), grade)("hello")
            getattr(logging.getLogger("app.worker"), grade)("hello")
            getattr(logging.getLogger("uvicorn.error"), grade)("hello")
        assert len(lines(capsys)) == number * 3

    def test_of_libraries_are_warnings(self, capsys: Capture) -> None:
        configure(environment="production", log_level="debug")
        logging.getLogger("asyncio").info("hello")
        logging.getLogger("asyncio").warning("hello %s", "you")
        assert [line["event"] for line in lines(capsys)] == ["hello you"]

    def test_of_uvicorn_about_requests_are_left_out(self, capsys: Capture) -> None:
        logging.getLogger("uvicorn.access").info("GET /?token=5")
        assert lines(capsys) == []

    def test_come_once_however_often_that_is_arranged(self, capsys: Capture) -> None:
        configure(environment="production")
        logging.getLogger("uvicorn.error").info("hello")
        assert len(lines(capsys)) == 1


class TestErrors:
    def test_say_where_they_arose_but_not_with_what(self, capsys: Capture) -> None:
        fall(KeyError("a lighthouse"), ValueError("in winter"))
        (line,) = lines(capsys)
        first, second = line["exception"].split("builtins.KeyError\n")
        assert "in fall" in first
        assert second.endswith("\nbuiltins.ValueError")
        assert "lighthouse" not in line["exception"]
        assert "in winter" not in line["exception"]

    def test_of_libraries_are_no_more_talkative(self, capsys: Capture) -> None:
        error = ValueError("in winter")
        logging.getLogger("asyncio").error("Lost\nfuture: %r", error, exc_info=error)
        (line,) = lines(capsys)
        assert line["event"] == "Lost"
        assert "in winter" not in str(line)

    def test_that_come_together_are_all_named(self, capsys: Capture) -> None:
        fall(ExceptionGroup("two", [KeyError("a"), ValueError("b")]))
        (line,) = lines(capsys)
        for name in ("KeyError", "ValueError", "ExceptionGroup"):
            assert f"builtins.{name}" in line["exception"]

    def test_that_caused_themselves_come_to_an_end(self, capsys: Capture) -> None:
        error = ValueError()
        error.__cause__ = error
        fall(error)
        assert len(lines(capsys)) == 1

    def test_of_the_database_say_which_rule_was_broken(self) -> None:
        assert (
            name_of(broken()) == "asyncpg.exceptions.UniqueViolationError (23505, uq_users_email)"
        )

    def test_explain_themselves_in_development_without_the_values_of_rows(
        self, capsys: Capture
    ) -> None:
        configure(environment="development")
        fall(broken(), ValueError("in winter"))
        said = capsys.readouterr().out
        assert "ValueError: in winter" in said
        assert "duplicate key value" in said
        assert "anna@example.com" not in said


class TestLinesOfLibrariesThatCanNotBeWritten:
    @pytest.mark.parametrize(("message", "arguments"), [("%d", ("secret",)), ("\ud800", ())])
    def test_are_no_fault_of_whoever_is_at_work(
        self, capsys: Capture, message: str, arguments: tuple[str, ...]
    ) -> None:
        (forwarder,) = (it for it in logging.getLogger().handlers if isinstance(it, Forwarder))
        forwarder.handle(logging.LogRecord("ben", logging.ERROR, "", 1, message, arguments, None))
        said = capsys.readouterr()
        assert json.loads(said.out)["event"] == "unreadable"
        assert said.err == ""
