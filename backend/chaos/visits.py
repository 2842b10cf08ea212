"""Random requests for pages: by members, by visitors, and by those who know no address."""

from random import Random
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import httpx

from app.core.catalogues import LANGUAGES
from app.web.cookies import LANGUAGE, SESSION
from chaos.writers import PASSWORD

HEADERS = {"Accept": "text/html", "Sec-Fetch-Site": "same-origin"}
FILTERS: dict[str, list[str]] = {
    "status": ["open", "any"],
    "cleaning_type": ["dust_up", "full_clean"],
    "min_price": ["1", "20.50", "40,00"],
    "max_price": ["50", "99.99", "x"],
    "language": ["en", "de"],
    "area": ["Old Town", "Harbour"],
    "sort": ["newest", "price", "-price"],
}
LISTS = (
    *("/", "/jobs", "/packages", "/mine", "/offers", "/bookings", "/orders", "/earnings"),
    *("/account/profile", "/account/sessions", "/account/keys", "/account/security", "/jobs/new"),
    *("/login", "/signup", "/categories", "/robots.txt", "/sitemap.xml", "/manifest.webmanifest"),
)
LONG_NAME = 2_000
"""The number of words in a name that is too long."""

Sent = tuple[str, str, dict[str, Any]]
"""Method, path, and arguments for httpx."""


class Visits:
    """A generator of random requests for pages.

    Args:
        random: The source of all choices.
        jobs: The ids of jobs, of which some exist.
    """

    def __init__(self, random: Random, jobs: list[str]) -> None:
        self._random, self._jobs = random, jobs

    def think(self) -> Sent:
        """The next request. Without a cookie of its own, it is that of a member."""
        kinds = (self._search, self._search, self._list, self._job, self._send, self._mistake)
        method, path, options = self._random.choice(kinds)()
        headers = HEADERS | {"Accept-Language": self._random.choice([*LANGUAGES, self._word()])}
        if self._random.random() < 0.5:  # noqa: PLR2004 (half of them)
            headers["Cookie"] = self._cookie()
        return method, path, options | {"headers": headers}

    def _word(self) -> str:
        return f"{self._random.getrandbits(64):x}"

    def _id(self) -> str:
        return str(UUID(int=self._random.getrandbits(128)))

    def _cookie(self) -> str:
        language = self._random.choice([*LANGUAGES, self._word()])
        session = f"; {SESSION}={self._word()}" if self._random.getrandbits(1) else ""
        return f"{LANGUAGE}={language}{session}"

    def _search(self) -> Sent:
        names = self._random.sample(list(FILTERS), self._random.randrange(len(FILTERS) + 1))
        query = {name: self._random.choice(FILTERS[name]) for name in names}
        query["q"] = f"windows or {self._word()}"
        return "GET", f"{self._random.choice(('/jobs', '/packages'))}?{urlencode(query)}", {}

    def _list(self) -> Sent:
        return "GET", f"{self._random.choice(LISTS)}?{self._word()}={self._word()}", {}

    def _job(self) -> Sent:
        job = self._random.choice([*self._jobs, self._id()])
        return (
            "GET",
            f"/jobs/{job}{self._random.choice(('', '/edit', '/history', '/questions'))}",
            {},
        )

    def _send(self) -> Sent:
        start = f"20{self._random.randrange(30, 99)}-05-{self._random.randrange(10, 30)}T09:00"
        price = f"{self._random.randrange(1, 100_000) / 100:.2f}"
        form = {"name": self._word(), "price": price, "starts_at": start, "once": self._word()}
        path = self._random.choice(("/jobs/new", f"/jobs/{self._random.choice(self._jobs)}/edit"))
        return "POST", path, {"data": form}

    def _mistake(self) -> Sent:
        mistakes: list[Sent] = [
            ("GET", f"/{self._word()}/{self._word()}", {}),
            ("GET", f"/people/{self._word()}", {}),
            ("GET", f"/static/{self._word()}.css", {}),
            ("GET", f"/jobs?cursor={self._word()}", {}),
            ("GET", f"/jobs?q={'a' * 9_000}", {}),
            ("GET", f"/jobs?{'&'.join([self._word()] * 150)}", {}),
            ("GET", f"/bookings/{self._id()}/{self._id()}", {}),
            ("POST", f"/orders/{self._id()}/acceptance", {"data": {}}),
            ("POST", "/jobs/new", {"data": {self._word(): self._word() for _ in range(120)}}),
            ("POST", "/jobs/new", {"data": {"name": self._word() * LONG_NAME, "price": "x"}}),
            ("POST", "/login", {"data": {"username": self._word()}}),
            ("POST", "/language", {"data": {"language": self._word()}}),
            ("DELETE", "/jobs", {}),
        ]
        return self._random.choice(mistakes)


async def log_in(client: httpx.AsyncClient, name: str) -> None:
    """Logs a user in by the page; the client sends the cookie from then on.

    A client without encryption would keep it, but not send it.
    """
    form = {"username": name, "password": PASSWORD}
    response = await client.post("/login", data=form, headers=HEADERS)
    client.headers["Cookie"] = f"{SESSION}={response.cookies[SESSION]}"
