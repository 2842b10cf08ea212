"""A market in which every text that people can write tries to be more than text."""

from dataclasses import replace
from typing import Any

import httpx

from tests.browser.people import Demo

MARK = "hostile"
"""The class of all elements that hostile texts try to make."""
HEBREW = "\u05d0\u05d1"
"""Letters from right to left. Lines can't have marks of direction, texts can."""
LINE = (
    f"</title>\"'><img src=x onerror=alert(1) class={MARK}>{{{{7*7}}}} {HEBREW} javascript:alert(1)"
)
TEXT = f"""\
{LINE}
</textarea></script><script class={MARK}>alert(1)</script><style class={MARK}>*{{}}</style>
<a class={MARK} href="javascript:alert(1)">me</a> javascript:alert(1) data:text/html,<b>
<svg class={MARK} onload=alert(1)><base class={MARK} href="//evil.example">
&lt;b&gt; ${{7*7}} \u202e
"""
SLUG, EXTRA, ITEM = "hostile", "part", "item"
GROUNDS = {"reason": TEXT}


class Writer:
    """A person who writes by the API.

    Args:
        client: The HTTP client.
        username: The account.
    """

    def __init__(self, client: httpx.AsyncClient, username: str) -> None:
        self._client, self._username = client, username

    async def log_in(self, password: str) -> "Writer":
        """Begins a session, in a browser with a hostile name."""
        self._client.headers["User-Agent"] = LINE.encode("ascii", "ignore").decode()
        form = {"username": self._username, "password": password}
        response = await self._client.post("/auth/token", data=form)
        self._client.headers["Authorization"] = f"Bearer {response.json()['access_token']}"
        return self

    async def __call__(self, method: str, path: str, body: Any = None) -> str:
        """Calls the API; returns the id of what was made, if it has one."""
        response = await self._client.request(method, path, json=body)
        assert response.is_success, (path, response.text)
        content = response.json() if response.content else {}
        return str(content.get("id", ""))


async def hostile_market(demo: Demo) -> Demo:
    """Adds a job, a package and all that belongs to them; returns the market with their ids."""
    address = f"{demo.address}/api/v1"
    async with (
        httpx.AsyncClient(base_url=address) as one,
        httpx.AsyncClient(base_url=address) as two,
        httpx.AsyncClient(base_url=address) as three,
    ):
        clients = zip((one, two, three), ("customer", "cleaner", "staff"), strict=True)
        customer, cleaner, staff = [
            await Writer(client, demo.usernames[role]).log_in(demo.password)
            for client, role in clients
        ]
        await write_categories(staff)
        for person in (customer, cleaner, staff):
            await person("PATCH", "/profiles/me", {"full_name": LINE, "bio": TEXT})
            await person("POST", "/users/me/api-keys", {"name": LINE, "scopes": ["read:feed"]})
        places = await write_about_a_job(customer, cleaner)
        package = await write_about_a_package(customer, cleaner)
        booking = await write_about_a_booking(customer, cleaner)
        await staff("POST", f"/admin/cleanings/{booking['cleaning_id']}/hiding", GROUNDS)
    named = {"slug": SLUG, "extra": EXTRA, "item": ITEM, "user_id": demo.places["user_id"]}
    return replace(
        demo, places={**demo.places, **places, **named}, booking=booking, package=package
    )


async def write_categories(staff: Writer) -> None:
    """Makes a category with an extra and a checklist."""
    names = {"de": LINE}
    await staff("POST", "/admin/categories", {"slug": SLUG, "name": LINE, "names": names})
    there = f"/admin/categories/{SLUG}"
    await staff("PUT", f"{there}/extras/{EXTRA}", {"name": LINE, "names": names})
    await staff("PUT", f"{there}/checklist/{ITEM}", {"text": LINE, "texts": names})


async def post_job(customer: Writer) -> str:
    """Posts a job with hostile terms; returns its id."""
    terms = {"name": LINE, "description": TEXT, "area": LINE, "address": LINE, "price": "45"}
    return await customer("POST", "/cleanings", {**terms, "category": SLUG, "extras": [EXTRA]})


async def write_about_a_job(customer: Writer, cleaner: Writer) -> dict[str, str]:
    """Posts a job with an offer, earlier terms, and questions in several versions."""
    job = await post_job(customer)
    there = f"/cleanings/{job}"
    await customer("PATCH", there, {"description": f"{TEXT} {LINE}"})
    offer = await cleaner("POST", f"{there}/offers", {"price": "40", "message": TEXT})
    question = await cleaner("POST", f"{there}/questions", {"text": TEXT})
    await cleaner("PATCH", f"{there}/questions/{question}", {"text": f"{TEXT} {LINE}"})
    answers = f"{there}/questions/{question}/answers"
    answer = await customer("POST", answers, {"text": TEXT})
    ids = {"cleaning_id": job, "offer_id": offer}
    return {**ids, "question_id": question, "answer_id": answer}


async def write_about_a_package(customer: Writer, cleaner: Writer) -> dict[str, str]:
    """Sells a package with a question; one order is declined, and another one waits."""
    terms = {"name": LINE, "description": TEXT, "area": LINE, "price": "45", "category": SLUG}
    package = await cleaner("POST", "/packages", terms)
    await cleaner("POST", f"/packages/{package}/publication")
    question = await customer("POST", f"/packages/{package}/questions", {"text": TEXT})
    await customer("PATCH", f"/packages/{package}/questions/{question}", {"text": LINE})
    answers = f"/packages/{package}/questions/{question}/answers"
    answer = await cleaner("POST", answers, {"text": TEXT})
    draft = {
        "items": [{"package_id": package, "revision": 1, "quantity": 1}],
        "starts_at": "2100-05-17T09:00:00Z",
        "area": LINE,
        "address": LINE,
        "note": TEXT,
    }
    declined = await customer("POST", "/orders", draft)
    await cleaner("POST", f"/orders/{declined}/declination", GROUNDS)
    ids = {"package_id": package, "question_id": question, "answer_id": answer}
    return {**ids, "order_id": await customer("POST", "/orders", draft)}


async def write_about_a_booking(customer: Writer, cleaner: Writer) -> dict[str, str]:
    """Does the work of a job, and has both sides review it; another booking is cancelled."""
    for ends in (True, False):
        job = await post_job(customer)
        offer = await cleaner("POST", f"/cleanings/{job}/offers", {"message": TEXT})
        booking = await customer("POST", f"/cleanings/{job}/offers/{offer}/acceptance")
        there = f"/cleanings/{job}/bookings/{booking}"
        if ends:
            await cleaner("POST", f"{there}/cancellation", GROUNDS)
    await customer("POST", f"{there}/completion")
    for person in (customer, cleaner):
        review = {"overall_rating": 5, "headline": LINE, "comment": TEXT}
        await person("POST", f"{there}/evaluation", review)
    return {"cleaning_id": job, "booking_id": booking}
