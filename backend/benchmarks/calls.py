"""The measured calls and their requests."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import cycle, islice
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import orjson

from app.core.security.keys import Keyring
from app.core.security.tokens import AccessTokens, Bearer
from benchmarks.data import PASSWORD, Market, people
from benchmarks.databases import connected
from benchmarks.load import Request
from benchmarks.services import SECRET

API = "/api/v1"
JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
VARIETY = 2_000
"""The number of different requests of a repeatable call."""
MOST_WRITES = 40_000
"""The number of prepared requests of a call that can't be repeated."""
OFFERS_PER_JOB = 3

JOBS = "SELECT id FROM cleanings ORDER BY md5(id::text) LIMIT $1"
STREETS = """
SELECT substring(address FROM '(\\w+) Street') FROM cleanings
ORDER BY md5(id::text) LIMIT $1
"""
AREAS = "SELECT DISTINCT area FROM cleanings WHERE area IS NOT NULL ORDER BY area LIMIT $1"
CATEGORIES = "SELECT slug FROM categories ORDER BY md5(slug) LIMIT $1"
OPEN_JOBS = """
SELECT c.id, array_agg(o.cleaner_id) || c.owner_id AS taking_part
FROM cleanings c JOIN offers o ON o.cleaning_id = c.id
WHERE c.status = 'open' GROUP BY c.id ORDER BY md5(c.id::text) LIMIT $1
"""
# In the opposite order, so that few jobs with offers to be accepted get further offers meanwhile.
PENDING_OFFERS = """
SELECT DISTINCT ON (md5(c.id::text)) c.id, o.id AS offer_id, c.owner_id
FROM cleanings c JOIN offers o ON o.cleaning_id = c.id
WHERE c.status = 'open' AND o.status = 'pending' AND o.terms_revision = c.terms_revision
ORDER BY md5(c.id::text) DESC LIMIT $1
"""


# Pairs of packages of one cleaner that are not sold out during a run.
ORDERABLE = """
SELECT seller_id, (array_agg(id ORDER BY md5(id::text)))[1:2] AS packages FROM packages
WHERE status = 'published' AND (stock IS NULL OR stock >= 100000)
GROUP BY seller_id HAVING count(*) > 1 ORDER BY md5(seller_id::text) LIMIT $1
"""


# Threads of booked jobs, which are open at any time.
THREADS = """
SELECT t.cleaning_id, t.cleaner_id, t.owner_id
FROM threads t JOIN cleanings c ON c.id = t.cleaning_id
WHERE c.status = 'booked' ORDER BY md5(c.id::text) LIMIT $1
"""


@dataclass(frozen=True)
class Call:
    """A measured call.

    Args:
        title: Its name in the results.
        requests: Its requests.
        writes: Whether it changes data.
        once: Whether each request can be sent only once.
        goal: The required ratio of requests per second to the reference.
    """

    title: str
    requests: Sequence[Request]
    writes: bool = False
    once: bool = False
    goal: float | None = None


class Callers:
    """The users of a market, and their requests.

    Args:
        tokens: Their access tokens by their ids.
        usernames: Their usernames.
    """

    def __init__(self, tokens: dict[UUID, str], usernames: Sequence[str]) -> None:
        self._tokens, self._usernames = tokens, usernames

    def reading(self, paths: Iterable[str]) -> list[Request]:
        """Reads of the given paths, by all users in turn."""
        pairs = zip(cycle(paths), cycle(self._tokens.values()), strict=False)
        return [Request("GET", f"{API}{path}", token) for path, token in islice(pairs, VARIETY)]

    def posting_jobs(self) -> list[Request]:
        """Posts of jobs, by all users in turn."""
        return [
            self._post(
                user_id,
                "/cleanings",
                {
                    "name": f"Oven scrub No. {number}",
                    "description": "Two ovens, both well used. Please bring your own tools.",
                    "cleaning_type": "full_clean",
                    "price": f"{50 + number % 100}.50",
                    "starts_at": "2100-05-17T09:00:00Z",
                    "duration": 90,
                    "area": "Old Town",
                    "address": "3 Mill Lane",
                    "category": f"service-{number % 8}-{number % 5}",
                },
            )
            for number, user_id in zip(range(VARIETY), cycle(self._tokens), strict=False)
        ]

    def making_offers(self, open_jobs: Iterable[Any]) -> list[Request]:
        """Offers for jobs of others, by cleaners without an offer for them."""
        draft = {"price": "45.00", "message": "I bring my own tools, and I like ovens."}
        cleaners = cycle(self._tokens)
        return [
            self._post(cleaner, f"/cleanings/{job['id']}/offers", draft)
            for job in open_jobs
            for cleaner in islice(cleaners, OFFERS_PER_JOB)
            if cleaner not in job["taking_part"]
        ][:MOST_WRITES]

    def asking(self, open_jobs: Iterable[Any]) -> list[Request]:
        """Questions about jobs of others, by all users in turn."""
        draft = {"text": "Are the two ovens on the 3rd floor, and is there a lift for my tools?"}
        return [
            self._post(asker, f"/cleanings/{job['id']}/questions", draft)
            for job, asker in islice(zip(open_jobs, cycle(self._tokens), strict=False), VARIETY)
            if asker not in job["taking_part"]
        ]

    def sending(self, threads: Iterable[Any]) -> list[Request]:
        """Messages by the two sides of each thread."""
        draft = {"text": "The two ovens are on the 3rd floor, and there is a lift for your tools."}
        return [
            self._post(
                sender,
                f"/cleanings/{row['cleaning_id']}/threads/{row['cleaner_id']}/messages",
                draft,
            )
            for row in threads
            for sender in (row["owner_id"], row["cleaner_id"])
        ]

    def accepting(self, pending: Iterable[Any]) -> list[Request]:
        """Acceptances of an offer for each job, by its owner."""
        return [
            self._post(
                row["owner_id"], f"/cleanings/{row['id']}/offers/{row['offer_id']}/acceptance"
            )
            for row in pending
        ]

    def ordering(self, sellers: Iterable[Any]) -> list[Request]:
        """Orders of two packages of a cleaner, by all other users in turn."""
        requests = []
        for row, customer in islice(
            zip(cycle(sellers), cycle(self._tokens), strict=False), VARIETY
        ):
            items = [
                {"package_id": str(package), "revision": 1, "quantity": place}
                for place, package in enumerate(row["packages"], 1)
            ]
            draft = {
                "items": items,
                "starts_at": "2100-05-17T09:00:00Z",
                "area": "Old Town",
                "address": "3 Mill Lane",
                "note": "The key is with our neighbour.",
            }
            if customer != row["seller_id"]:
                requests.append(self._post(customer, "/orders", draft))
        return requests

    def logging_in(self) -> list[Request]:
        """Logins, by all users in turn."""
        return [
            Request(
                "POST",
                f"{API}/auth/token",
                kind=FORM,
                body=urlencode({"username": name, "password": PASSWORD}),
            )
            for name in self._usernames
        ]

    def _post(self, user_id: UUID, path: str, draft: Any = None) -> Request:
        token = self._tokens[user_id]
        if draft is None:
            return Request("POST", f"{API}{path}", token)
        return Request("POST", f"{API}{path}", token, JSON, orjson.dumps(draft).decode())


def filters(areas: Iterable[str]) -> Iterator[str]:
    """Queries by type, price range and area."""
    for area in areas:
        for kind in ("dust_up", "spot_clean", "full_clean"):
            for low in (20, 50, 100):
                yield urlencode(
                    {
                        "cleaning_type": kind,
                        "min_price": low,
                        "max_price": low + 150,
                        "area": area,
                    }
                )


async def prepare(market: Market) -> list[Call]:
    """The calls, with their requests for a market."""
    issue = AccessTokens(Keyring(SECRET), timedelta(days=1)).issue
    async with connected(market.url) as connection:

        async def column(statement: str) -> list[Any]:
            return [row[0] for row in await connection.fetch(statement, VARIETY)]

        everyone = await people(connection)
        tokens = {person.id: issue(Bearer(person.id, person.session_id)) for person in everyone}
        callers = Callers(tokens, [person.username for person in everyone])
        jobs, streets, areas = await column(JOBS), await column(STREETS), await column(AREAS)
        categories = await column(CATEGORIES)
        open_jobs = await connection.fetch(OPEN_JOBS, MOST_WRITES)
        pending = await connection.fetch(PENDING_OFFERS, MOST_WRITES)
        sellers = await connection.fetch(ORDERABLE, VARIETY)
        threads = await connection.fetch(THREADS, VARIETY)
    read = callers.reading
    return [
        Call("own account", read(["/users/me"]), goal=0.55),
        Call("one job", read(f"/cleanings/{job}" for job in jobs), goal=0.60),
        Call("feed", read(["/feed/cleanings"]), goal=0.65),
        Call("browse", read(["/cleanings"]), goal=0.65),
        Call("browse, filtered", read(f"/cleanings?{by}" for by in filters(areas)), goal=0.65),
        Call("browse, category", read(f"/cleanings?category={it}" for it in categories), goal=0.65),
        Call("search", read(f"/cleanings?q={street}" for street in streets), goal=0.65),
        Call("packages page", read(["/packages"]), goal=0.80),
        Call("own offers", read(["/offers"]), goal=0.65),
        Call("inbox", read(["/threads"]), goal=0.80),
        Call("post a job", callers.posting_jobs(), writes=True, goal=0.5),
        Call("make an offer", callers.making_offers(open_jobs), writes=True, once=True, goal=0.5),
        Call("ask a question", callers.asking(open_jobs), writes=True, goal=0.8),
        Call("send a message", callers.sending(threads), writes=True, goal=0.80),
        Call("accept an offer", callers.accepting(pending), writes=True, once=True, goal=0.5),
        Call("order", callers.ordering(sellers), writes=True, goal=0.80),
        Call("log in", callers.logging_in(), writes=True),
    ]
