"""``python -m app categories load``: a tree comes out of a file."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.commands.categories import SHIPPED, nodes_in
from app.db.models.category_shapes import CategoryNode
from tests.factories.categories import make_category, tree
from tests.factories.checklists import bring_item
from tests.factories.extras import bring_extra
from tests.factories.users import Market
from tests.invariants import assert_invariants
from tests.programs import run_program
from tests.server import BACKEND

pytestmark = pytest.mark.committed

LANGUAGES = {"de", "es", "fr", "ko", "ar"}


async def load(
    environment: dict[str, str], file: Path | str, *options: str
) -> tuple[int | None, str]:
    """Runs the command; returns its exit status and its output."""
    return await run_program(environment, "app", "categories", "load", str(file), *options)


def written(folder: Path, nodes: Any) -> Path:
    """A file with a tree."""
    file = folder / "categories.json"
    file.write_text(json.dumps(nodes))
    return file


def all_of(nodes: list[CategoryNode]) -> Iterator[CategoryNode]:
    """The nodes of a tree."""
    for node in nodes:
        yield node
        yield from all_of(node.beneath)


class TestTheShippedTree:
    def test_has_names_in_all_languages(self) -> None:
        nodes = list(all_of(nodes_in(SHIPPED)))
        assert len(nodes) > 40
        assert {tuple(sorted(node.names)) for node in nodes} == {tuple(sorted(LANGUAGES))}
        for language in LANGUAGES:
            assert len({node.names[language] for node in nodes}) == len(nodes)

    def test_has_texts_of_extras_and_items_in_all_languages(self) -> None:
        nodes = list(all_of(nodes_in(SHIPPED)))
        extras = [extra for node in nodes for extra in node.extras]
        items = [item for node in nodes for item in node.checklist]
        assert len({extra.slug for extra in extras}) > 30
        assert len({item.code for item in items}) > 40
        assert {tuple(sorted(extra.names)) for extra in extras} == {tuple(sorted(LANGUAGES))}
        assert {tuple(sorted(item.texts)) for item in items} == {tuple(sorted(LANGUAGES))}
        assert len({tuple(extra.prices) for extra in extras}) == 1

    async def test_is_loaded_where_there_is_none(
        self, market: Market, environment: dict[str, str]
    ) -> None:
        file = SHIPPED.relative_to(BACKEND)
        status, said = await load(environment, file, "--if-none")
        number = len(list(all_of(nodes_in(SHIPPED))))
        assert (status, said) == (0, f"{number} categories are new.\n")
        shown = await tree(market)
        kitchen = (await market.client.get("/categories/kitchen-cleaning")).json()
        assert (kitchen["extras"][0]["slug"], kitchen["extras"][0]["price"]) == ("oven", "15.00")
        assert [item["code"] for item in kitchen["checklist"]] == ["kitchen", "degrease", "fronts"]
        assert [node.slug for node in all_of(nodes_in(SHIPPED))] == list(shown)
        await assert_invariants(market.app)
        assert (await load(environment, file, "--if-none"))[0] == 0
        assert await tree(market) == shown


class TestLoading:
    async def test_adds_what_is_missing_and_sets_names(
        self, market: Market, environment: dict[str, str], tmp_path: Path
    ) -> None:
        await make_category(market, slug="office")
        await make_category(
            market, slug="windows", parent="office", name="Windows", names={"de": "Fenster"}
        )
        nodes = [
            {
                "slug": "home",
                "name": "Home",
                "beneath": [
                    {
                        "slug": "windows",
                        "name": "Panes",
                        "names": {"fr": "Vitres"},
                        "beneath": [{"slug": "skylights", "name": "Skylights"}],
                    },
                    {"slug": "ovens", "name": "Ovens"},
                ],
            }
        ]
        status, said = await load(environment, written(tmp_path, nodes))
        assert (status, said) == (0, "3 categories are new.\n")
        shown = await tree(market)
        assert {slug: it["parent"] for slug, it in shown.items()} == {
            "office": None,
            "windows": "office",
            "skylights": "windows",
            "home": None,
            "ovens": "home",
        }
        assert shown["windows"]["name"] == "Panes"
        assert shown["windows"]["names"] == {"de": "Fenster", "fr": "Vitres"}
        await assert_invariants(market.app)

    @pytest.mark.parametrize(
        ("currency", "price"), [("EUR", "15.00"), ("KRW", "20000.00"), ("JPY", None)]
    )
    async def test_adds_extras_and_items_and_sets_their_texts(
        self,
        market: Market,
        environment: dict[str, str],
        tmp_path: Path,
        currency: str,
        price: str | None,
    ) -> None:
        await make_category(market, slug="home")
        await bring_extra(market, "home", price=None, currency=None)
        await bring_item(market, "home")
        node: dict[str, Any] = {"slug": "home", "name": "Home"}
        node["extras"] = [
            {"slug": "fridge", "name": "Fridge", "prices": {"EUR": 15, "KRW": 20000}},
            {"slug": "oven", "name": "Oven", "names": {"fr": "Four"}, "prices": {"EUR": 9}},
        ]
        node["checklist"] = [
            {"code": "bins", "text": "Bins"},
            {"code": "floors", "text": "Floors", "texts": {"fr": "Sols"}},
        ]
        file = written(tmp_path, [node])
        status, said = await load({**environment, "CURRENCY": currency}, file)
        assert (status, said) == (0, "0 categories are new.\n")
        shown = (await market.client.get("/categories/home")).json()
        assert [(it["slug"], it["price"]) for it in shown["extras"]] == [
            ("oven", None),
            ("fridge", price),
        ]
        assert shown["extras"][0]["name"] == "Oven"
        assert shown["extras"][0]["names"] == {"de": "Backofen innen", "fr": "Four"}
        assert [it["code"] for it in shown["checklist"]] == ["floors", "bins"]
        assert shown["checklist"][0]["text"] == "Floors"
        assert (await load({**environment, "CURRENCY": currency}, file))[0] == 0
        assert (await market.client.get("/categories/home")).json() == shown

    async def test_is_in_the_audit(
        self, market: Market, environment: dict[str, str], tmp_path: Path
    ) -> None:
        await load(environment, written(tmp_path, [{"slug": "home", "name": "Home"}]))
        (entry,) = await market.app.state.database.fetch(
            "SELECT action, request_id, details FROM audit", ()
        )
        assert entry["action"] == "categories_loaded"
        assert entry["request_id"] == "python -m app categories"
        assert entry["details"] == {"new": "1"}

    @pytest.mark.parametrize(
        ("nodes", "problem"),
        [
            ({}, "valid array"),
            ([{"slug": "Home", "name": "Home"}], "0.slug"),
            ([{"slug": "home", "name": "Home", "price": 1}], "0.price"),
            (
                [
                    {
                        "slug": "home",
                        "name": "Home",
                        "extras": [{"slug": "oven", "name": "Oven", "prices": {"JPY": "1.50"}}],
                    }
                ],
                "Prices in JPY are whole",
            ),
            (
                [
                    {
                        "slug": "home",
                        "name": "Home",
                        "checklist": [{"code": f"item-{n}", "text": "Look"} for n in range(51)],
                    }
                ],
                "at most 50 items",
            ),
            (
                [{"slug": f"home-{n}", "name": "Home"} for n in range(501)],
                "at most 500 categories",
            ),
        ],
    )
    async def test_refuses_what_is_no_tree(
        self,
        market: Market,
        environment: dict[str, str],
        tmp_path: Path,
        nodes: Any,
        problem: str,
    ) -> None:
        status, said = await load(environment, written(tmp_path, nodes))
        assert status == 1
        assert problem in said
        assert await tree(market) == {}
