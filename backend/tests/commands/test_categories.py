"""``python -m app categories load``: a tree comes out of a file."""

import asyncio
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.commands.categories import SHIPPED, nodes_in
from app.db.models.category_shapes import CategoryNode
from tests.factories.categories import make_category, tree
from tests.factories.users import Market
from tests.invariants import assert_invariants
from tests.server import BACKEND

pytestmark = pytest.mark.committed

TIME_LIMIT = 60
LANGUAGES = {"de", "es", "fr", "ko", "ar"}


async def load(
    environment: dict[str, str], file: Path | str, *options: str
) -> tuple[int | None, str]:
    """Runs the command; returns its exit status and its output."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "app", "categories", "load", str(file), *options),
        cwd=BACKEND,
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await asyncio.wait_for(process.communicate(), TIME_LIMIT)
    return process.returncode, said.decode()


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

    async def test_is_loaded_where_there_is_none(
        self, market: Market, environment: dict[str, str]
    ) -> None:
        file = SHIPPED.relative_to(BACKEND)
        status, said = await load(environment, file, "--if-none")
        number = len(list(all_of(nodes_in(SHIPPED))))
        assert (status, said) == (0, f"{number} categories are new.\n")
        shown = await tree(market)
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
