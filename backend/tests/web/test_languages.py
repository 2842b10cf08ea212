"""The languages of pages and of problems: how they are chosen, and what changes with them."""

from typing import Any

import pytest

from app.core.catalogues import LANGUAGES
from tests.factories.browsers import Browser, browser_of
from tests.factories.cleanings import make_cleaning
from tests.factories.packages import make_package
from tests.factories.users import Market, make_user

COOKIE = "__Host-language"
PROFILE = "/account/profile"
WORDS = {
    "en": "Find work",
    "de": "Aufträge finden",
    "es": "Buscar trabajo",
    "fr": "Trouver une mission",
    "ko": "일감 찾기",
    "ar": "ابحث عن عمل",
}


class TestAPage:
    @pytest.mark.parametrize("language", LANGUAGES)
    async def test_is_in_the_language_of_the_browser(self, market: Market, language: str) -> None:
        await make_cleaning(market)
        headers = {"Accept-Language": f"xx, {language}-ZZ;q=0.9, en;q=0.1"}
        page = await Browser(market, **headers).open("/jobs")
        direction = "rtl" if language == "ar" else "ltr"
        assert (page.attributes["lang"], page.attributes["dir"]) == (language, direction)
        assert page.response.headers["Content-Language"] == language
        assert {"Cookie", "Accept-Language"} <= set(page.response.headers["Vary"].split(", "))
        assert WORDS[language] in page.text

    async def test_reads_and_writes_amounts_as_in_its_language(self, market: Market) -> None:
        user = await make_user(market)
        browser = await browser_of(market, user)
        browser.client.headers["Accept-Language"] = "de"
        form = await browser.open("/jobs/new")
        page = await browser.send(form, "/jobs/new", name="Fenster", price="1.045,50")
        assert "1.045,50\xa0€" in page.response.text
        form = await browser.open(f"{page.path}/edit")
        assert ("price", "1045,50") in form.form(f"{page.path}/edit").fields
        form = await browser.open("/jobs/new")
        page = await browser.send(form, "/jobs/new", 422, name="Ofen", price="-45,5")
        assert page.problems["price"] == "Muss ein Betrag sein, zum Beispiel 49,90."

    @pytest.mark.parametrize(
        ("language", "entered", "price"),
        [
            *(
                ("en", "€ 80.50", "80.50"),
                ("en", "80.50eur", "80.50"),
                ("en", "EUR 1,080", "1080.00"),
            ),
            *(("de", "80,50\N{NO-BREAK SPACE}€", "80.50"), ("de", "€1.080,50", "1080.50")),
            *(("fr", "80,50 €", "80.50"), ("ko", "€80.50", "80.50"), ("ar", "80.50 €", "80.50")),
        ],
    )
    async def test_reads_amounts_with_the_currency_beside_them(
        self, market: Market, language: str, entered: str, price: str
    ) -> None:
        user = await make_user(market)
        browser = await browser_of(market, user)
        browser.client.headers["Accept-Language"] = language
        form = await browser.open("/jobs/new")
        await browser.send(form, "/jobs/new", name="Windows", price=entered)
        (job,) = await user.items("/cleanings", owner="me")
        assert (job["price"], job["currency"]) == (price, "EUR")

    @pytest.mark.parametrize(
        "entered", ["$80", "80 CHF", "€", "€€80", "80€50", "EURO 80", "€ -5", "€ 1E9", "€" * 5000]
    )
    async def test_reads_no_amounts_with_other_signs(self, market: Market, entered: str) -> None:
        browser = await browser_of(market, await make_user(market))
        form = await browser.open("/jobs/new")
        page = await browser.send(form, "/jobs/new", 422, name="Windows", price=entered)
        assert page.problems.keys() == {"price"}
        assert ("price", entered) in page.form("/jobs/new").fields

    async def test_reads_amounts_in_the_currency_of_what_they_are_for(self, market: Market) -> None:
        job = await make_cleaning(market, currency="CHF")
        cleaner = await make_user(market)
        browser = await browser_of(market, cleaner)
        path = f"/jobs/{job.data['id']}"
        page = await browser.send(await browser.open(path), f"{path}/offers", 422, price="€ 40")
        assert "price" in page.problems
        await browser.send(page, f"{path}/offers", price="CHF 40")
        (offer,) = await cleaner.items("/offers")
        assert (offer["price"], offer["currency"]) == ("40.00", "CHF")

    async def test_shows_what_was_entered_in_its_own_direction(self, market: Market) -> None:
        job = await make_cleaning(market, description="A flat")
        browser = await browser_of(market, job.owner)
        browser.client.headers["Accept-Language"] = "ar"
        page = await browser.open(f"/jobs/{job.data['id']}/edit")
        assert page.response.text.count('dir="auto"') == 2  # the name and the description
        page = await browser.open("/jobs/new")
        assert 'dir="auto"' not in page.response.text  # the examples are in Arabic

    async def test_has_different_words_for_an_order_and_for_the_order_of_a_list(
        self, market: Market
    ) -> None:
        package = await make_package(market)
        browser = Browser(market, **{"Accept-Language": "de"})
        assert "Bestellen" in (await browser.open(f"/packages/{package.data['id']}")).text
        assert "Sortieren" in (await browser.open("/packages")).text


class TestTheChoiceOfAVisitor:
    async def test_holds_for_all_pages(self, market: Market) -> None:
        browser = Browser(market, **{"Accept-Language": "fr"})
        page = await browser.open("/jobs?q=oven")
        page = await browser.send(page, "/language", language="ko")
        assert (page.path, page.attributes["lang"]) == ("/jobs?q=oven", "ko")
        assert (await browser.open("/login")).attributes["lang"] == "ko"

    async def test_is_kept_for_a_year(self, market: Market) -> None:
        response = await Browser(market).post("/language", language="de", next="/login")
        assert (response.status_code, response.headers["Location"]) == (303, "/login")
        name, *attributes = response.headers["Set-Cookie"].split("; ")
        assert name == f"{COOKIE}=de"
        assert set(attributes) >= {"Secure", "HttpOnly", "SameSite=lax", "Path=/"}
        assert "Max-Age=31536000" in attributes

    @pytest.mark.parametrize("language", ["", "xx", "deutsch"])
    async def test_is_one_of_the_languages(self, market: Market, language: str) -> None:
        response = await Browser(market).post("/language", language=language)
        assert response.status_code == 422

    async def test_leads_to_no_other_site(self, market: Market) -> None:
        response = await Browser(market).post("/language", language="de", next="//evil.example")
        assert response.headers["Location"] == "/jobs"

    async def test_leads_back_to_the_page_of_a_refused_form(self, market: Market) -> None:
        job = await make_cleaning(market)
        path = f"/jobs/{job.data['id']}"
        browser = await browser_of(market, await make_user(market))
        browser.client.headers["Referer"] = f"https://test{path}"
        page = await browser.open(path)
        page = await browser.send(page, f"{path}/offers", 422, price="-1")
        assert ("next", path) in page.form("/language").fields


class TestTheChoiceOfAMember:
    async def test_is_kept_with_the_account(self, market: Market) -> None:
        user = await make_user(market)
        browser = await browser_of(market, user)
        page = await browser.send(await browser.open("/jobs"), "/language", language="es")
        assert page.attributes["lang"] == "es"
        assert (await user.get("/users/me")).json()["language"] == "es"
        other = await browser_of(market, user)
        assert (await other.open("/jobs")).attributes["lang"] == "es"

    async def test_is_made_with_the_profile(self, market: Market) -> None:
        user = await make_user(market)
        browser = await browser_of(market, user)
        browser.client.headers["Accept-Language"] = "fr"
        page = await browser.open(PROFILE)
        assert ("language", "") in page.form(PROFILE).fields
        page = await browser.send(page, PROFILE, language="ko", bio="Windows")
        assert page.attributes["lang"] == "ko"
        assert {("language", "ko"), ("bio", "Windows")} <= set(page.form(PROFILE).fields)
        assert (await user.get("/users/me")).json()["language"] == "ko"
        page = await browser.send(page, PROFILE, language=None)
        assert (await user.get("/users/me")).json()["language"] == "ko"
        page = await browser.send(page, PROFILE, language="")
        assert page.attributes["lang"] == "fr"
        assert (await user.get("/users/me")).json()["language"] is None
        assert COOKIE not in browser.client.cookies
        page = await browser.send(page, PROFILE, 422, language="xx", bio="Ovens")
        assert set(page.problems) == {"language"}
        assert ("bio", "Ovens") in page.form(PROFILE).fields

    async def test_comes_before_that_of_the_browser(self, market: Market) -> None:
        user = await make_user(market)
        browser = await browser_of(market, user)
        await browser.post("/language", language="fr")
        await user.patch("/users/me", {"language": "ar"})
        assert (await browser.open("/jobs")).attributes["lang"] == "ar"
        await user.patch("/users/me", {"language": None})
        assert (await browser.open("/jobs")).attributes["lang"] == "fr"
        await user.patch("/users/me", {"language": "nl"})
        assert (await browser.open("/jobs")).attributes["lang"] == "fr"


class TestAProblem:
    @pytest.mark.parametrize(
        ("accepted", "language", "detail", "message"),
        [
            (None, "en", "The input is invalid.", "Must not be empty."),
            ("xx", "en", "The input is invalid.", "Must not be empty."),
            ("de-AT, en;q=0.5", "de", "Die Eingaben sind ungültig.", "Darf nicht leer sein."),
        ],
    )
    async def test_is_in_the_language_of_the_client(
        self, market: Market, accepted: str | None, language: str, detail: str, message: str
    ) -> None:
        user = await make_user(market)
        headers: dict[str, Any] = {"Accept-Language": accepted} if accepted else {}
        response = await user.post("/cleanings", {"name": "", "price": 45}, headers=headers)
        problem = response.json()
        assert (problem["code"], problem["detail"]) == ("invalid", detail)
        assert [error["message"] for error in problem["errors"]] == [message]
        assert response.headers["Content-Language"] == language
        assert "Accept-Language" in response.headers["Vary"]

    async def test_has_its_values(self, market: Market) -> None:
        user = await make_user(market)
        draft = {"name": "Windows", "price": "45.50", "currency": "JPY"}
        response = await user.post("/cleanings", draft, headers={"Accept-Language": "es"})
        (error,) = response.json()["errors"]
        assert error["message"].startswith("Los precios en JPY son números enteros")

    async def test_of_a_state_says_what_holds(self, market: Market) -> None:
        job = await make_cleaning(market)
        await job.owner.post(f"{job.path}/cancellation")
        german, english = [
            (await job.owner.post(f"{job.path}/cancellation", headers=headers)).json()
            for headers in ({"Accept-Language": "de"}, {})
        ]
        assert german["detail"] == "Der Auftrag ist beendet."
        assert german | {"detail": "", "request_id": ""} == english | {
            "detail": "",
            "request_id": "",
        }

    async def test_says_the_same_for_unknown_paths(self, market: Market) -> None:
        response = await market.client.get("/nowhere", headers={"Accept-Language": "ko"})
        assert response.json()["detail"] == "찾을 수 없음"

    async def test_is_the_only_answer_that_depends_on_it(self, market: Market) -> None:
        user = await make_user(market)
        response = await user.get("/users/me", headers={"Accept-Language": "de"})
        assert "Content-Language" not in response.headers
        assert "Vary" not in response.headers
