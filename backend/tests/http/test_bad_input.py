"""Whatever is wrong with a request: the answer says what it is, and nothing has changed."""

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import inf
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest
from httpx import ASGITransport, AsyncClient, Response

from app.db.models.categories import SLUG
from app.db.models.users import UserRole
from app.db.models.wording import OTHER
from app.http.errors import LONGEST_NAME
from app.http.problems import MEDIA_TYPE, Problem
from tests.factories.bookings import make_booking
from tests.factories.scenes import NAMES
from tests.factories.users import Market, make_user
from tests.http import bad_input
from tests.operations import OPERATIONS, Operation, resolved
from tests.rows import DIGEST

Ids = dict[str, str]
REFUSED_AT_SIGHT = {400, 413, 415, 422}
"""What a request is answered with before the database is asked for anything."""
JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


PLAIN = re.compile(r"[A-Z][^\\^$\[\]{}|*?<>]*\.")
"""A sentence that shows no regular expression."""


@dataclass(frozen=True)
class Attempt:
    """How a request differs from a good one, and which input is wrong for that."""

    name: str
    path: dict[str, str] = field(default_factory=dict)
    query: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    content: bytes | None = None


@dataclass(frozen=True)
class Input:
    """One input of an operation, and all that is tried with it."""

    operation: Operation
    location: str
    name: str
    attempts: list[Attempt]

    def __str__(self) -> str:
        return f"{self.operation}-{self.location}-{self.name}"


def kind_of(schema: dict[str, Any]) -> str:
    """What an input is, by its schema."""
    choices = [schema, *schema.get("anyOf", [])]
    if schema.get("format") in {"date-time", "email", "uuid"}:
        return str(schema["format"])
    if any("enum" in choice or "$ref" in choice for choice in choices):
        return "enum"
    if any(choice.get("type") == "number" for choice in choices):
        return "money"
    if any(choice.get("pattern") == SLUG for choice in choices):
        return "slug"
    kind = next(choice["type"] for choice in choices if "type" in choice)
    return "text" if kind == "string" else str(kind)


def unfit_texts(schema: dict[str, Any]) -> list[str]:
    """The texts that don't fit the lengths and the pattern of a schema."""
    if schema.get("type") != "string" or kind_of(schema) not in {"text", "slug"}:
        return []
    lengths = range(schema.get("minLength", 0), schema.get("maxLength", 10**9) + 1)
    pattern = re.compile(schema.get("pattern", ""))
    return [
        text for text in bad_input.TEXTS if len(text) not in lengths or not pattern.search(text)
    ]


def encoded(value: str) -> str:
    """Any text at all, as it can stand in a URL or in a form."""
    return quote(value.encode(errors="surrogatepass"), safe="")


def in_path(operation: Operation) -> Iterator[Input]:
    for name, schema in operation.parameters("path").items():
        values = [encoded(value) for value in bad_input.PATH[kind_of(schema)]]
        attempts = [Attempt(name, path={name: value}) for value in values]
        yield Input(operation, "path", name, attempts)


def in_headers(operation: Operation) -> Iterator[Input]:
    for name in operation.parameters("header"):
        attempts = [Attempt(name, headers={name: value}) for value in bad_input.HEADERS[name]]
        yield Input(operation, "header", name, attempts)


def in_query(operation: Operation) -> Iterator[Input]:
    parameters = operation.parameters("query")
    for name, schema in parameters.items():
        values = bad_input.QUERY[kind_of(schema)] + unfit_texts(schema)
        values += bad_input.BY_NAME.get(name, [])
        bad = [value for value in values if not is_number_within(value, schema)]
        attempts = [Attempt(name, query=f"{name}={encoded(value)}") for value in bad]
        yield Input(operation, "query", name, attempts)
    if parameters:
        names = [*bad_input.UNKNOWN, bad_input.SURROGATE]
        attempts = [Attempt(name, query=f"{encoded(name)}=1") for name in names]
        yield Input(operation, "query", "unknown", attempts)


def is_number_within(value: str, schema: dict[str, Any]) -> bool:
    """Whether a text is a whole number within the bounds of a schema."""
    return re.fullmatch("-?[0-9]{1,18}", value) is not None and is_within(int(value), schema)


def in_json(operation: Operation) -> Iterator[Input]:
    def attempt(name: str, body: dict[str, Any]) -> Attempt:
        return Attempt(name, headers=JSON, content=json.dumps(body).encode())

    good = operation.good_body
    documents = list(bad_input.DOCUMENTS)
    if operation.details["requestBody"].get("required"):
        documents += [("application/json", b""), ("application/json", b"null")]
    yield whole_bodies(operation, documents)
    for name, schema in operation.body["properties"].items():
        values = bad_values(resolved(schema))
        if (str(operation), name) not in bad_input.ANY_TEXT:
            values += bad_input.BY_NAME.get(name, [])
        if name in bad_input.PASSWORDS:
            values.remove(bad_input.NUL)
        attempts = [attempt(name, good | {name: bad}) for bad in values]
        if name in operation.body.get("required", []):
            attempts.append(attempt(name, {key: good[key] for key in good if key != name}))
        yield Input(operation, "body", name, attempts)
    attempts = [attempt(name, good | {name: 1}) for name in bad_input.UNKNOWN]
    yield Input(operation, "body", "unknown", attempts)


def is_within(value: object, schema: dict[str, Any]) -> bool:
    """Whether a value is a whole number or amount within the bounds of a schema."""
    if isinstance(value, str) and value.endswith(".00"):
        value = int(value.removesuffix(".00"))
    return type(value) is int and any(
        it.get("minimum", inf) <= value <= it.get("maximum", -inf)
        for it in (schema, *schema.get("anyOf", []))
    )


def bad_values(schema: dict[str, Any]) -> list[Any]:
    """What a field of a JSON body doesn't take."""
    kind = kind_of(schema)
    allowed = None if schema.get("minItems") else bad_input.ALLOWED.get(kind)
    values = [
        bad for bad in bad_input.NO_SCALAR if type(bad) is not type(allowed) or bad != allowed
    ]
    values += [bad for bad in bad_input.JSON[kind] if not is_within(bad, schema)]
    values += unfit_texts(schema)
    return values if schema.get("nullable") else [*values, None]


def in_form(operation: Operation) -> Iterator[Input]:
    yield whole_bodies(operation, bad_input.FORMS)
    for name in operation.body["properties"]:
        good = {"grant_type": name} if name == "refresh_token" else operation.good_body
        forms = [good | {name: bad} for bad in bad_input.FORM]
        bodies = ["&".join(f"{key}={encoded(form[key])}" for key in form) for form in forms]
        attempts = [Attempt(name, headers=FORM, content=body.encode()) for body in bodies]
        yield Input(operation, "body", name, attempts)


def whole_bodies(operation: Operation, documents: list[tuple[str, bytes]]) -> Input:
    attempts = [
        Attempt("", headers={"Content-Type": kind}, content=content) for kind, content in documents
    ]
    return Input(operation, "body", "whole", attempts)


def inputs(operation: Operation) -> Iterator[Input]:
    yield from in_path(operation)
    yield from in_headers(operation)
    yield from in_query(operation)
    if operation.media_type == "application/json":
        yield from in_json(operation)
    elif operation.media_type == "application/x-www-form-urlencoded":
        yield from in_form(operation)


async def send(client: AsyncClient, operation: Operation, attempt: Attempt, good: Ids) -> Response:
    content, headers = attempt.content, attempt.headers
    if content is None and operation.media_type:
        content, headers = json.dumps(operation.good_body).encode(), headers | JSON
        if operation.takes_file:
            good_file = operation.good_content
            content, headers = good_file["content"], attempt.headers | good_file["headers"]
    url = f"{operation.url(good | attempt.path)}?{attempt.query}"
    return await client.request(operation.method, url, headers=headers, content=content)


def complaint(response: Response, tried: Input, attempt: Attempt) -> str:
    """What is wrong with the answer to a bad request; nothing, if all is well."""
    name = attempt.name
    if response.status_code not in expected_statuses(tried, attempt):
        return f"is answered with {response.status_code}"
    if response.headers["Content-Type"] != MEDIA_TYPE:
        return "is not answered with a problem"
    errors = Problem.model_validate_json(response.content).errors
    if response.status_code != 422:
        return ""
    for error in errors or []:
        if not PLAIN.fullmatch(error.message) or error.message == OTHER:
            return f"is said to be wrong in these words: {error.message}"
    named = {(error.location, re.sub(r"\W", "", error.field)) for error in errors or []}
    wanted = {(tried.location, re.sub(r"\W", "", name[:LONGEST_NAME]))}
    return "" if named == wanted or (errors and not name) else f"is said to be wrong with {named}"


def expected_statuses(tried: Input, attempt: Attempt) -> set[int]:
    kind = attempt.headers.get("Content-Type")
    if attempt.content and kind != tried.operation.media_type:
        return {415}
    if tried.name == "if-match":
        return {403, 404, 409, 412}  # it may well be that nothing could be changed anyway
    if tried.operation.media_type == FORM["Content-Type"]:
        return {400, 401, 422}
    return {422} if attempt.name else {400, 422}


@pytest.mark.parametrize(
    "tried", [tried for operation in OPERATIONS for tried in inputs(operation)], ids=str
)
async def test_bad_input(market: Market, tried: Input) -> None:
    booking = await make_booking(market)
    good = defaultdict(
        lambda: str(uuid4()),
        cleaning_id=booking.job.data["id"],
        offer_id=booking.offer.data["id"],
        booking_id=booking.data["id"],
        username=booking.cleaner.username,
        user_id=str(booking.cleaner.id),
        **NAMES,
    )
    caller = booking.owner
    if "/admin/" in tried.operation.path:
        caller = await make_user(market, role=UserRole.STAFF)
    database, connections = market.app.state.database, market.app.state.one_connection
    before = await database.fetch(DIGEST, ())
    transport = ASGITransport(market.app, raise_app_exceptions=False)
    headers = {"Authorization": f"Bearer {caller.token}"}
    async with AsyncClient(transport=transport, headers=headers) as client:
        for attempt in tried.attempts:
            lent = connections.lent
            response = await send(client, tried.operation, attempt, good)
            is_untouched = connections.lent == lent
            assert is_untouched or response.status_code not in REFUSED_AT_SIGHT, f"{attempt}"[:300]
            wrong = complaint(response, tried, attempt)
            assert wrong == "", f"{attempt}"[:300]
            if not is_untouched:
                assert await database.fetch(DIGEST, ()) == before, f"{attempt}"[:300]
