"""Saved searches: who is told of which new job."""

from collections.abc import Iterator
from random import Random
from typing import Any

import pytest

from app.core.languages import Languages
from app.db.models.saved_searches import MOST_TOLD
from tests.factories.categories import make_chain
from tests.factories.cleanings import date_back, make_cleaning
from tests.factories.notifications import notifications, notify
from tests.factories.saved_searches import MadeSearch, copy_search, save_search
from tests.factories.scenes import make_scene
from tests.factories.users import Actor, Market, block, make_user
from tests.invariants import assert_invariants

LATER = "2090-05-17T09:00:00Z"
FULL: dict[str, Any] = {
    "name": "Oven scrub",
    "description": "And the kitchen floor",
    "cleaning_type": "full_clean",
    "price": "50.00",
    "currency": "CHF",
    "starts_at": LATER,
    "area": "Old Town",
    "language": "en",
}


async def told(market: Market, actor: Actor) -> list[str]:
    """The ids of the jobs of which an actor is told, oldest first."""
    await notify(market)
    found = await notifications(actor)
    assert {it["kind"] for it in found} <= {"search_matched"}
    return [it["cleaning_id"] for it in found]


class TestMatching:
    @pytest.mark.parametrize(
        ("search", "other"),
        [
            ({"q": "scrubbing ovens"}, {"name": "Oven"}),
            ({"q": '"kitchen floor"'}, {"description": "The floor of the kitchen"}),
            ({"q": "hood or oven"}, {"name": "Windows"}),
            ({"q": "oven -garden"}, {"description": "In the garden"}),
            ({"q": "oven", "language": "en"}, {"language": "de"}),
            ({"area": "OLD town"}, {"area": "Leith"}),
            ({"area": "old town"}, {"area": None}),
            ({"q": "oven", "area": "Old Town"}, {"area": None}),
            ({"q": "oven", "cleaning_type": "full_clean"}, {"cleaning_type": "dust_up"}),
            ({"q": "oven", "currency": "CHF"}, {"currency": "EUR"}),
            ({"q": "oven", "currency": "CHF", "min_price": "50"}, {"price": "49.99"}),
            ({"q": "oven", "currency": "CHF", "max_price": "50"}, {"price": "50.01"}),
            ({"q": "oven", "starts_after": LATER}, {"starts_at": "2090-05-17T08:59:00Z"}),
            ({"q": "oven", "starts_after": LATER}, {"starts_at": None}),
            (
                {"q": "oven", "starts_before": "2090-05-17T09:01:00Z"},
                {"starts_at": "2090-06-01T00:00Z"},
            ),
        ],
    )
    async def test_by_a_filter(
        self, market: Market, search: dict[str, Any], other: dict[str, Any]
    ) -> None:
        saved = await save_search(market, **search)
        job = await make_cleaning(market, **FULL)
        await make_cleaning(market, **FULL | other)
        assert await told(market, saved.user) == [job.data["id"]]
        await assert_invariants(market.app)

    async def test_by_the_present_tree_of_categories(self, market: Market) -> None:
        await make_chain(market, "house", "kitchen", "oven")
        saved = await save_search(market, category="house")
        within = await make_cleaning(market, category="oven")
        staff = await make_user(market, role="superuser")
        await make_cleaning(market)
        assert await told(market, saved.user) == [within.data["id"]]
        response = await staff.patch("/admin/categories/kitchen", {"parent": None})
        assert response.status_code == 200, response.text
        await make_cleaning(market, category="oven")
        assert await told(market, saved.user) == [within.data["id"]]

    async def test_after_a_change(self, market: Market) -> None:
        saved = await save_search(market, q="ovens", area="Leith")
        await saved.user.patch(saved.path, {"q": "floors", "area": None})
        await make_cleaning(market, area="Leith")
        job = await make_cleaning(market, name="Floor")
        assert await told(market, saved.user) == [job.data["id"]]


WORDS = {
    "en": ("oven", "scrubbed", "windows", "the", "doors"),
    "de": ("Küche", "putzen", "Straße", "die", "fegen"),
    "fr": ("nettoyé", "vitres", "été", "les", "maison"),
    "ko": ("사무실청소합니다", "창문", "집", "오븐", "바닥"),
}


@pytest.fixture
def four_languages(market: Market) -> Iterator[None]:
    """A market that searches in four languages."""
    before = market.app.state.languages
    market.app.state.languages = Languages("en", tuple(WORDS))
    yield
    market.app.state.languages = before


def some(random: Random, *chosen: Any) -> Any:
    """One of some values, or none."""
    return random.choice(chosen) if random.random() < 0.3 else None


def random_job(random: Random) -> dict[str, Any]:
    """A job with random terms."""
    language = random.choice(list(WORDS))
    job = {
        "name": " ".join(random.sample(WORDS[language], 2)),
        "description": some(random, *WORDS[language]),
        "language": language,
        "cleaning_type": random.choice(["full_clean", "dust_up"]),
        "price": random.choice(["10.00", "20.00", "30.00"]),
        "currency": random.choice(["EUR", "CHF"]),
        "area": some(random, "Old Town", "Leith"),
        "category": some(random, "house", "kitchen", "oven", "garden"),
        "starts_at": some(random, "2090-01-01T00:00:00Z", "2091-01-01T00:00:00Z"),
    }
    return {name: value for name, value in job.items() if value is not None}


def random_search(random: Random) -> dict[str, Any]:
    """A search with random filters, for words in any form."""
    words = random.sample([word for each in WORDS.values() for word in each], 3)
    texts = [
        words[0],
        f"{words[0]} {words[1]}",
        f"{words[0]} or {words[1]} {words[2]}",
        f"{words[0]} -{words[1]}",
        f'"{words[0]} {words[1]}"',
        "".join(words[:2]).replace("ü", "u").replace("é", "e"),
    ]
    search = {
        "q": some(random, *texts),
        "language": some(random, *WORDS),
        "cleaning_type": some(random, "full_clean"),
        "min_price": some(random, "20"),
        "max_price": some(random, "20"),
        "currency": some(random, "CHF"),
        "area": some(random, "OLD  TOWN", "leith"),
        "category": some(random, "house", "kitchen", "oven"),
        "starts_after": some(random, "2090-06-01T00:00:00Z"),
        "starts_before": some(random, "2090-06-01T00:00:00Z"),
    }
    given = {name: value for name, value in search.items() if value is not None}
    return given if given.keys() & {"q", "area", "category"} else given | {"q": words[0]}


@pytest.mark.usefixtures("four_languages")
async def test_finds_what_browsing_finds(market: Market) -> None:
    random = Random(4711)  # noqa: S311 (the same each time)
    await make_chain(market, "house", "kitchen", "oven")
    await make_chain(market, "garden")
    owner = await make_user(market)
    searches = []
    for _ in range(100):
        user, draft = await make_user(market), random_search(random)
        response = await user.post("/saved-searches", draft)
        if response.status_code == 201:
            searches.append((MadeSearch(user, response.json()), draft))
    for _ in range(60):
        await make_cleaning(market, owner, **random_job(random))
    await notify(market)
    matches = 0
    for search, draft in searches:
        browsed = await search.user.items("/cleanings", limit=100, sort="oldest", **draft)
        assert await told(market, search.user) == [it["id"] for it in browsed], draft
        matches += len(browsed)
    assert len(searches) > 80
    assert matches > 50


class TestTelling:
    async def test_of_a_job_that_matches_three_searches_is_once(self, market: Market) -> None:
        saved = await save_search(market)
        await save_search(market, saved.user, q="scrub")
        await save_search(market, saved.user, q="oven or scrub")
        job = await make_cleaning(market)
        assert await told(market, saved.user) == [job.data["id"]]
        shown = (await saved.user.get("/notifications")).json()["items"][0]
        assert (shown["group"], shown["cleaning"]["name"]) == ("searches", "Oven scrub")
        await assert_invariants(market.app)

    async def test_ends_with_the_search(self, market: Market) -> None:
        saved = await save_search(market)
        await saved.user.delete(saved.path)
        await make_cleaning(market)
        assert await told(market, saved.user) == []

    async def test_is_not_of_own_jobs(self, market: Market) -> None:
        saved = await save_search(market)
        await make_cleaning(market, saved.user)
        assert await told(market, saved.user) == []

    async def test_is_not_of_jobs_that_nobody_finds(self, market: Market) -> None:
        saved = await save_search(market, q="oven or windows")
        await make_scene(market, "staff hide_cleaning")
        await make_scene(market, "owner delete_cleaning")
        await make_scene(market, "owner cancel_cleaning")
        started = await make_cleaning(market, starts_at=LATER)
        await date_back(market, started)
        blocked = await make_cleaning(market)
        await block(market, blocked.owner)
        assert await told(market, saved.user) == []

    async def test_is_not_of_users_who_are_blocked_or_gone(self, market: Market) -> None:
        blocked, gone = await save_search(market), await save_search(market)
        await block(market, blocked.user)
        await gone.user.delete("/users/me")
        await make_cleaning(market)
        await notify(market)
        assert await market.app.state.database.fetch("SELECT FROM notifications", ()) == []
        await assert_invariants(market.app)

    async def test_is_of_so_many_at_most_chosen_by_chance(self, market: Market) -> None:
        await save_search(market)
        await copy_search(market, MOST_TOLD)
        for _ in range(2):
            await make_cleaning(market)
        await notify(market)
        rows = await market.app.state.database.fetch(
            "SELECT position, array_agg(user_id) AS told FROM notifications GROUP BY position", ()
        )
        first, second = (set(row["told"]) for row in rows)
        assert len(first) == len(second) == MOST_TOLD
        assert first != second
