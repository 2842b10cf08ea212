"""Few statements are compiled, whatever callers choose: what is compiled stays in memory."""

import importlib
import pkgutil
from collections.abc import Iterator
from functools import _lru_cache_wrapper
from itertools import chain, combinations
from typing import Any

import pytest

from app.db import repositories
from app.db.models.pages import PageParameters
from app.db.repositories.pages import LIMITS
from tests.api.access import CALLERS, STORIES, entitled
from tests.factories.scenes import Scene, make_scene
from tests.factories.users import Actor, Market
from tests.operations import OPERATIONS, Operation

LISTS = [it for it in OPERATIONS if "limit" in it.parameters("query")]
EACH = pytest.mark.parametrize("operation", LISTS, ids=str)
EXAMPLES: dict[str, list[str]] = {
    "actor_id": ["01900000-0000-7000-8000-000000000000"],
    "after": ["0"],
    "area": ["Old Town"],
    "category": ["windows"],
    "cleaner": ["anna"],
    "owner": ["anna", "me"],
    "q": ["windows"],
    "reference": ["5f0ad3a2-6c5e-4a7f-9a57-6f1f7c4f3a10"],
    "unread": ["true"],
    "user_id": ["01900000-0000-7000-8000-000000000000"],
    "wait": ["0"],
}
"""Values for filters that any text will do for, by their names."""
MOST = 17
"""How many statements the filters and orders of a list may have, for each limit.

A process that has answered no list before makes all of them; others have made some already.
"""


def compiled() -> int:
    """How many statements of lists are kept."""
    modules = pkgutil.iter_modules(repositories.__path__, f"{repositories.__name__}.")
    members = [vars(importlib.import_module(module.name)).values() for module in modules]
    caches = {it for it in chain(*members) if isinstance(it, _lru_cache_wrapper)}
    return sum(it.cache_info().currsize for it in caches)


def values_of(name: str, schema: dict[str, Any]) -> list[str]:
    """Values that a filter takes."""
    if "enum" in schema:
        return list(schema["enum"])
    choices = [value for choice in schema.get("anyOf", []) for value in values_of("", choice)]
    if schema.get("format") == "date-time":
        return ["2030-01-31T09:00:00Z"]
    if name in EXAMPLES or choices:
        return EXAMPLES.get(name, choices)
    return [str(schema["const"])] if "const" in schema else ["10.00"] if "price" in name else []


def queries(operation: Operation) -> Iterator[dict[str, str]]:
    """Queries with up to three filters, with all, and with all but one; one value of each.

    All combinations are tried without requests (tests/db/test_shapes.py).
    """
    parameters = operation.parameters("query")
    filters = parameters.keys() - PageParameters.model_fields.keys()
    few, many = range(4), range(max(4, len(filters) - 1), len(filters) + 1)
    for number in (*few, *many):
        for names in combinations(sorted(filters), number):
            yield {name: values_of(name, parameters[name])[0] for name in names}


async def reader_of(scene: Scene, operation: Operation) -> Actor:
    """A user who may read a list: the owner of the job, if they are among them."""
    reader = await CALLERS[entitled(str(operation))](scene)
    assert reader
    return reader


class TestEachList:
    @EACH
    async def test_has_few_statements_for_all_limits(
        self, market: Market, operation: Operation
    ) -> None:
        scene = await make_scene(market, STORIES.get(str(operation), "owner accept_offer"))
        reader = await reader_of(scene, operation)
        path = operation.path.format_map(scene.ids())
        before = compiled()
        for limit in sorted({*LIMITS, *(limit + 1 for limit in LIMITS[:-1])}):
            response = await reader.get(f"http://test{path}", params={"limit": limit})
            assert response.status_code == 200
        assert compiled() - before <= len(LIMITS)

    @EACH
    async def test_has_few_statements_for_all_filters(
        self, market: Market, operation: Operation
    ) -> None:
        scene = await make_scene(market, STORIES.get(str(operation), ""))
        reader = await reader_of(scene, operation)
        path = operation.path.format_map(scene.ids())
        before = compiled()
        for query in queries(operation):
            response = await reader.get(f"http://test{path}", params=query)
            assert response.status_code in (200, 422)
        assert compiled() - before <= MOST
