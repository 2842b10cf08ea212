"""Pages and forms with random input: each answer is a page, and shows what was entered as text."""

import re
from collections.abc import Sequence
from itertools import groupby
from random import Random
from typing import Any
from urllib.parse import urlencode

import pytest
from httpx import AsyncClient, Response

from app.web.forms import LABELS, ONCE
from app.web.pages import ROUTES
from app.web.routing import PageRoute
from tests.api.access import CALLERS, STORIES
from tests.factories.browsers import PageShown, browser_of
from tests.factories.scenes import CALLS, Scene, make_scene
from tests.factories.users import Market
from tests.fuzz.documented import CASES, SEED
from tests.undone import undone
from tests.web.test_answering import concrete

PARAMETER = re.compile(r"\{(\w+)(?::\w+)?\}")
MARKUP = "\"'><b>marked</b>"
NAMES = [*LABELS, ONCE, "cursor", "next", "part", "sort", "view", "token"]
VALUES = [
    *("", " ", "0", "1", "-1", "45", "45,00", "1.234,5", "1e999", "NaN", "\u0663"),
    *("1E9999999999", "9" * 19, "9" * 40, "9" * 5000),
    *("2100-05-17T09:00", "2024-02-30T09:00", "0001-01-01T00:00", "9999-12-31T23:59", "12-1"),
    *("true", "false", "en", "de", "EUR", "windows", "oven", "other", "staff", "spot_clean"),
    *("\x00", "\ud800", "\u202e", "a\r\nSet-Cookie: b=c", "%00", "//evil.example", "e\u0301" * 99),
    *("x" * 15_000, MARKUP, f"Windows {MARKUP}", "{{7*7}}", "me@example.com", "{", "[]", "../.."),
]
SHORT, LONG = 100, 20_000
"""The longest values in queries and in bodies."""
FORM = "application/x-www-form-urlencoded"
PEOPLE = [make for name, make in CALLERS.items() if name != "program"]
ANSWERS = {200, 303, 400, 401, 403, 404, 409, 412, 413, 415, 422, 429}


def parameters_of(path: str) -> frozenset[str]:
    """The names of the parameters of a path."""
    return frozenset(PARAMETER.findall(path))


ROUTES_BY_PARAMETERS = {
    " ".join(sorted(wanted)): list(routes)
    for wanted, routes in groupby(
        sorted(ROUTES, key=lambda it: sorted(parameters_of(it.path))),
        lambda it: parameters_of(it.path),
    )
}
"""The pages and forms, by the parameters of their paths: one scene does for all of a group."""


def story_for(wanted: frozenset[str]) -> str:
    """The shortest story after which all that paths with these parameters name is there."""
    names = (name for name, route in CALLS.items() if wanted <= parameters_of(route.path))
    return min((STORIES.get(name, "") for name in names), key=len, default="")


def address_in(scene: Scene, path: str) -> str:
    """A path with what is in a scene, and made-up ids of the rest."""
    ids = scene.ids()
    known = PARAMETER.sub(lambda found: ids.get(found[1], found[0]), path)
    return concrete(known)


def content(random: Random, names: Sequence[str], longest: int) -> list[tuple[str, str]]:
    """Random values up to a length, of random fields of some names."""
    values = [value for value in VALUES if len(value) <= longest]
    chosen = random.choices(names, k=random.choice((0, 3, 8, 40)))
    return [(name, random.choice(values)) for name in chosen]


def encoded(fields: list[tuple[str, str]]) -> bytes:
    """Fields as a browser sends them, with those that no browser sends."""
    return urlencode(fields, errors="surrogatepass").encode()


def as_parts(random: Random, fields: list[tuple[str, str]]) -> list[tuple[str, Any]]:
    """Fields as the parts of a form, some of them as files."""
    names = (None, "", "picture.jpg")
    parts = [(name, value.encode(errors="surrogatepass")) for name, value in fields]
    return [(name, (random.choice(names), value)) for name, value in parts]


def demand_page(response: Response) -> None:
    """Each answer is a page, in which nothing that was entered is markup."""
    assert response.status_code in ANSWERS, (response.url, response.text)
    if response.status_code == 303:
        assert response.headers["Location"].startswith("/")
        assert not response.headers["Location"].startswith("//")
        return
    assert "default-src 'self'" in response.headers["Content-Security-Policy"]
    assert "<b>marked" not in response.text
    assert PageShown(response).text


async def names_in(client: AsyncClient, address: str) -> list[str]:
    """The names of fields that a form has, as it is shown again if it is sent empty."""
    shown = PageShown(await client.post(address)).forms
    return [name for form in shown if form.action == address for name, _ in form.fields]


async def answered(client: AsyncClient, random: Random, route: PageRoute, address: str) -> Response:
    """The answer to a random request."""
    if route.method == "GET":
        fields = encoded(content(random, NAMES, SHORT))
        return await client.get(f"{address}?{fields.decode()}")
    names = await names_in(client, address) or NAMES
    entered = content(random, names, LONG)
    if route.most_files:
        return await client.post(address, files=as_parts(random, entered))
    return await client.post(address, content=encoded(entered), headers={"Content-Type": FORM})


@pytest.mark.parametrize("parameters", ROUTES_BY_PARAMETERS)
async def test_each_answer_is_a_page(market: Market, parameters: str) -> None:
    random = Random(f"{SEED}{parameters}")  # noqa: S311 (no secret)
    scene = await make_scene(market, story_for(frozenset(parameters.split())))
    for route in ROUTES_BY_PARAMETERS[parameters]:
        address = address_in(scene, route.path)
        for _ in range(CASES // 4):
            async with undone(market.app):
                actor = await random.choice(PEOPLE)(scene)
                client = (await browser_of(market, actor)).client
                demand_page(await answered(client, random, route, address))
