"""No request stops a process for long: neither bodies, queries nor headers of the largest size."""

import asyncio
import gc
import re
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from typing import Any
from uuid import uuid4

import pytest
from httpx import ASGITransport, AsyncClient

from app.api.routes import ROUTES
from app.db.models.users import UserRole
from tests.factories.users import Market, make_user
from tests.http.costly_input import FORMS, HEADERS, LARGEST_QUERY, json_bodies
from tests.operations import OPERATIONS, Operation, resolved

LARGEST_BODIES = {route.name: route.conditions.body.size for _, route in ROUTES}
LONGEST = 0.2  # seconds of the processor's time during which nothing else is answered
JSON, FORM = "application/json", "application/x-www-form-urlencoded"
EACH = pytest.mark.parametrize("operation", OPERATIONS, ids=str)
BOUNDS = {"maxLength", "enum", "const", "format"}
NOT_REPEATED = re.compile(r"\\.|\(\?=[^)]*\)")
"""What of a pattern doesn't make texts longer: escaped characters, and looking ahead."""


def parts(schema: dict[str, Any], name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """All schemas within that of an input, each with the names that lead to it."""
    schema = resolved(schema)
    for choice in map(resolved, schema.get("anyOf", [schema])):
        yield name, choice
        for inner, part in choice.get("properties", {}).items():
            yield from parts(part, f"{name}.{inner}")
        if "items" in choice:
            yield from parts(choice["items"], f"{name}[]")


def inputs(operation: Operation) -> Iterator[tuple[str, dict[str, Any]]]:
    """All schemas of what an operation takes."""
    for location in ("path", "query", "header"):
        for name, schema in operation.parameters(location).items():
            yield from parts(schema, f"{location} {name}")
    if operation.media_type:
        yield from parts(operation.body, "body")


def is_bounded(schema: dict[str, Any]) -> bool:
    """Whether a schema says how long a list or a text may be."""
    if schema.get("type") == "array":
        return "maxItems" in schema
    if schema.get("type") != "string" or BOUNDS & schema.keys():
        return True
    repeated = NOT_REPEATED.sub("", schema.get("pattern", "*"))
    return not {"*", "+"} & set(repeated)


class TestEveryInput:
    @EACH
    def test_has_a_bound(self, operation: Operation) -> None:
        assert [name for name, schema in inputs(operation) if not is_bounded(schema)] == []


def requests(operation: Operation) -> Iterator[tuple[str, dict[str, Any]]]:
    """The costliest requests for an operation: what each is, and what is sent."""
    size = LARGEST_BODIES.get(str(operation), 0)
    yield "headers", {"headers": HEADERS}
    for what, make in FORMS.items():
        yield f"query of {what}", {"params": make(LARGEST_QUERY)}
        if operation.media_type == FORM:
            content = make(size).encode()
            yield f"form of {what}", {"content": content, "headers": {"Content-Type": FORM}}
    if operation.media_type == JSON:
        properties = operation.body["properties"]
        fields = {name: resolved(it).get("type") == "array" for name, it in properties.items()}
        for what, content in json_bodies(fields, size):
            yield what, {"content": content, "headers": {"Content-Type": JSON}}


class Watch:
    """Asks for /healthz again and again, and measures what comes in between.

    Time of the processor is measured, of this thread: so it is no matter how busy the machine is.
    """

    def __init__(self, client: AsyncClient) -> None:
        self._client, self._since, self._longest = client, time.thread_time(), 0.0

    async def watch(self) -> None:
        """Asks until it is cancelled."""
        while True:
            assert (await self._client.get("/healthz")).status_code == 200
            self._note()
            await asyncio.sleep(0)

    def longest(self) -> float:
        """For how many seconds at once nothing else was answered since this was asked last."""
        self._note()
        longest, self._longest = self._longest, 0.0
        return longest

    def _note(self) -> None:
        moment = time.thread_time()
        self._longest, self._since = max(self._longest, moment - self._since), moment


@asynccontextmanager
async def watching(client: AsyncClient) -> AsyncIterator[Watch]:
    """Watches while a block runs."""
    gc.freeze()  # what other tests have left behind is not searched for garbage meanwhile
    watch = Watch(client)
    task = asyncio.create_task(watch.watch())
    yield watch
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


class TestTheCostliestRequests:
    """Most of them are not as declared, so FastAPI parses them after the dispatcher has."""

    @EACH
    async def test_hold_nobody_up(self, market: Market, operation: Operation) -> None:
        caller = await make_user(market, role=UserRole.STAFF)
        ids = dict.fromkeys(operation.parameters("path"), str(uuid4()))
        transport = ASGITransport(market.app, raise_app_exceptions=False)
        token = {"Authorization": f"Bearer {caller.token}"}
        async with (
            AsyncClient(transport=transport, base_url="http://test") as client,
            watching(client) as watch,
        ):
            for what, options in requests(operation):
                options["headers"] = token | options.get("headers", {})
                watch.longest()
                response = await client.request(operation.method, operation.url(ids), **options)
                assert watch.longest() < LONGEST, what
                assert response.status_code < 500, what
                assert len(response.content) < 20_000, what
