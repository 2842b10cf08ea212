"""Jobs in several languages: each is found by the rules of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from app.core.languages import Languages
from tests.factories.cleanings import date_back, make_cleaning, names
from tests.factories.offers import make_offer
from tests.factories.users import Actor, Market, make_user


@contextmanager
def speaking(market: Market, *languages: str) -> Iterator[None]:
    """The languages of the market for the time of a block; the first is its own."""
    before = market.app.state.languages
    market.app.state.languages = Languages(languages[0], languages)
    yield
    market.app.state.languages = before


@pytest.fixture
def six_languages(market: Market) -> Iterator[None]:
    """A market that searches in as many languages as it may."""
    with speaking(market, "en", "de", "fr", "ru", "ko", "ja"):
        yield


async def found(actor: Actor, q: str, **params: Any) -> tuple[list[str], str | None]:
    """The names of the jobs that a search finds, and its hint."""
    response = await actor.get("/cleanings", params={"q": q, **params})
    assert response.status_code == 200, response.text
    page = response.json()
    return sorted(item["name"] for item in page["items"]), page["hint"]


TEXTS = {
    "Windows and doors": "en",
    "Küche putzen": "de",
    "Straße fegen": "de",
    "nettoyer les vitres à l'été": "fr",
    "чистая квартира": "ru",
    "мойка окон, зелёный дом": "ru",
    "사무실청소합니다": "ko",
    "窓掃除をお願いします": "ja",
    "ทำความสะอาดห้อง": "th",
    "Sprzątanie łazienki": "pl",
}
"""Names of jobs with their languages, more than a market searches in."""


async def post_all(market: Market) -> Actor:
    """One job of each name; returns their owner."""
    owner = await make_user(market)
    for name, language in TEXTS.items():
        await make_cleaning(market, owner, name=name, language=language)
    return owner


@pytest.mark.usefixtures("six_languages")
class TestSearching:
    @pytest.mark.parametrize(
        ("q", "name"),
        [
            ("window", "Windows and doors"),
            ("Kuche", "Küche putzen"),
            ("Küchen", "Küche putzen"),
            ("ku\u0308che", "Küche putzen"),
            ("kuche/putzen", "Küche putzen"),
            ("Strasse", "Straße fegen"),
            ("STRASSE", "Straße fegen"),
            ("nettoye", "nettoyer les vitres à l'été"),
            ("nettoyé", "nettoyer les vitres à l'été"),
            ("ete vitre", "nettoyer les vitres à l'été"),
            ("чистыи", "чистая квартира"),
            ("чистый", "чистая квартира"),
            ("моика", "мойка окон, зелёный дом"),
            ("зеленый", "мойка окон, зелёный дом"),
            ("청소", "사무실청소합니다"),
            ("사무실", "사무실청소합니다"),
            ("다", "사무실청소합니다"),
            ("掃除", "窓掃除をお願いします"),
            ("窓", "窓掃除をお願いします"),
        ],
    )
    async def test_finds_what_is_meant(self, market: Market, q: str, name: str) -> None:
        owner = await post_all(market)
        assert await found(owner, q) == ([name], None)
        assert await found(owner, q, sort="newest") == ([name], None)
        assert await found(owner, q, language=TEXTS[name]) == ([name], None)

    @pytest.mark.parametrize(
        "q",
        ["Kirche", "nettoyeur de rue", "務所", "掃窓", "kuche -putzen", '"putzen kuche"', "ห้อง"],
    )
    async def test_finds_nothing_else(self, market: Market, q: str) -> None:
        owner = await post_all(market)
        assert await found(owner, q) == ([], "nothing_found")
        assert await found(owner, q, sort="oldest") == ([], "nothing_found")

    async def test_reads_each_job_in_its_own_language(self, market: Market) -> None:
        job = await make_cleaning(market, name="Booking rooms", language="en")
        await make_cleaning(market, job.owner, name="Booking Zimmer", language="de")
        await make_cleaning(market, job.owner, name="Book Zimmer", language="de")
        assert await found(job.owner, "booking") == (["Booking Zimmer", "Booking rooms"], None)
        assert await found(job.owner, "booking", sort="price") == (
            ["Booking Zimmer", "Booking rooms"],
            None,
        )

    @pytest.mark.parametrize(("q", "language"), [("ห้อง", "th"), ("lazienki", "pl")])
    async def test_leaves_out_other_languages_unless_one_is_named(
        self, market: Market, q: str, language: str
    ) -> None:
        owner = await post_all(market)
        assert await found(owner, q) == ([], "nothing_found")
        assert len((await found(owner, q, language=language))[0]) == 1

    async def test_ranks_a_job_with_accents_no_higher(self, market: Market) -> None:
        owner = await make_user(market)
        for description in ("Ofen, Ofen", "Ofen bei Köln"):
            await make_cleaning(market, owner, name="Ofen", language="de", description=description)
        found = await owner.items("/cleanings", q="Ofen")
        assert [job["description"] for job in found] == ["Ofen, Ofen", "Ofen bei Köln"]


class TestHints:
    async def test_are_given_of_searches_that_find_nothing(self, market: Market) -> None:
        job = await make_cleaning(market, name="Oven scrub", description="It is an IT room")
        for q in ("IT", "the and of", "?!", "🧹"):
            assert await found(job.owner, q) == ([], "only_stop_words")
            assert await found(job.owner, q, sort="price") == ([], "only_stop_words")
        assert await found(job.owner, "window") == ([], "nothing_found")
        assert await found(job.owner, "oven", min_price=60) == ([], "nothing_found")
        assert await found(job.owner, "oven") == (["Oven scrub"], None)

    async def test_are_not_given_of_other_lists(self, market: Market) -> None:
        user = await make_user(market)
        for path in ("/cleanings", "/cleanings?min_price=5"):
            page = (await user.get(path)).json()
            assert page == {"items": [], "next_cursor": None, "hint": None}

    async def test_know_stop_words_of_all_languages_that_are_searched(self, market: Market) -> None:
        user = await make_user(market)
        with speaking(market, "en", "de"):
            assert await found(user, "it") == ([], "nothing_found")  # a word in German
            assert await found(user, "it", language="en") == ([], "only_stop_words")


class TestPrefixes:
    async def test_count_if_nothing_is_found_otherwise(self, market: Market) -> None:
        job = await make_cleaning(market, name="Oven scrub")
        await make_cleaning(market, job.owner, name="Ovenware")
        assert await found(job.owner, "oven") == (["Oven scrub"], None)
        assert await found(job.owner, "ovenw") == (["Ovenware"], None)
        assert await found(job.owner, "ove") == (["Oven scrub", "Ovenware"], None)
        assert await found(job.owner, "oven scr") == (["Oven scrub"], None)
        assert await found(job.owner, "scr oven") == ([], "nothing_found")
        assert await found(job.owner, "ov") == ([], "nothing_found")

    @pytest.mark.parametrize("sort", [None, "oldest", "price"])
    async def test_count_on_all_pages(self, market: Market, sort: str | None) -> None:
        owner = await make_user(market)
        params = {"q": "ove", "limit": 2, **({"sort": sort} if sort else {})}
        for number in range(5):
            await make_cleaning(market, owner, name=f"Oven {number}", price=10 + number)
        first = (await owner.get("/cleanings", params=params)).json()
        assert (len(first["items"]), first["hint"]) == (2, None)
        await make_cleaning(market, owner, name="Ove")  # found by the word itself from now on
        rest = await owner.items("/cleanings", cursor=first["next_cursor"], **params)
        whole = {f"Oven {number}" for number in range(5)}
        assert {job["name"] for job in first["items"] + rest} - {"Ove"} == whole
        assert await names(owner, **params) == ["Ove"]


class TestTheLanguageOfAJob:
    async def test_is_that_of_the_market_by_default(self, market: Market) -> None:
        assert (await make_cleaning(market)).data["language"] == "en"
        with speaking(market, "ko", "en"):
            job = await make_cleaning(market)
            assert job.data["language"] == "ko"
            assert (await job.owner.get(job.path)).json()["language"] == "ko"

    @pytest.mark.parametrize("language", ["", "EN", "xx", "deu", "e", 5, None])
    async def test_has_a_code(self, market: Market, language: object) -> None:
        job = await make_cleaning(market)
        posted = {"name": "Oven", "price": "5", "language": language}
        for answer in (
            await job.owner.post("/cleanings", posted),
            await job.owner.patch(job.path, {"language": language}),
        ):
            (error,) = answer.json()["errors"]
            assert (answer.status_code, error["field"]) == (422, "language")

    async def test_is_no_term(self, market: Market) -> None:
        job = await make_cleaning(market, name="Küche putzen")
        offer = await make_offer(market, job)
        changed = await job.owner.patch(job.path, {"language": "de"})
        assert changed.json()["language"] == "de"
        assert changed.headers["ETag"] != job.etag
        assert await job.owner.items(f"{job.path}/revisions") == []
        assert await names(job.owner, q="Küchen", language="de") == ["Küche putzen"]
        assert (await job.owner.get(offer.path)).json()["outdated"] is False
        kinds = [event["kind"] for event in await job.owner.items("/feed/cleanings")]
        assert kinds == ["created"]

    async def test_changes_with_the_terms(self, market: Market) -> None:
        job = await make_cleaning(market, name="Oven")
        await job.owner.patch(job.path, {"language": "fr", "name": "Fours à nettoyer"})
        assert await names(job.owner, q="four", language="fr") == ["Fours à nettoyer"]
        (revision,) = await job.owner.items(f"{job.path}/revisions")
        assert revision["terms"]["name"] == "Oven"
        assert "language" not in revision["terms"]

    async def test_of_an_expired_job_is_as_it_was(self, market: Market) -> None:
        job = await make_cleaning(market, starts_at="2100-01-01T00:00:00Z")
        await date_back(market, job)
        refused = await job.owner.patch(job.path, {"language": "de"})
        assert (refused.status_code, refused.json()["code"]) == (409, "cleaning_expired")

    async def test_narrows_lists(self, market: Market) -> None:
        owner = await post_all(market)
        assert await names(owner, language="de", sort="oldest") == ["Küche putzen", "Straße fegen"]
        assert await names(owner, language="de", q="ko") == []
        assert await names(owner, language="sv") == []
