"""Browsers: they follow links, fill in forms, and keep cookies."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from httpx import ASGITransport, AsyncClient, Response

from app.core.clients import Client
from app.core.security.tokens import new_opaque_token, opaque_token_hash
from app.db.models.sessions import Session
from app.web.cookies import SESSION
from tests.factories.bookings import MadeBooking
from tests.factories.cleanings import Job
from tests.factories.users import LIFETIMES, PASSWORD, Actor, Market

ORIGIN = "https://test"
HEADERS = {"Accept": "text/html", "Sec-Fetch-Site": "same-origin"}
VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "path", "circle", "rect"}


@dataclass
class FormShown:
    """A form on a page, with the fields that it has."""

    method: str
    action: str
    fields: list[tuple[str, str]] = field(default_factory=list)


class PageShown(HTMLParser):
    """A page as a reader sees it.

    Args:
        response: The response with it.
    """

    def __init__(self, response: Response) -> None:
        super().__init__()
        self.response, self.status = response, response.status_code
        self.path = response.request.url.raw_path.decode()
        self.attributes: dict[str, str | None] = {}
        self.forms: list[FormShown] = []
        self.links: list[str] = []
        self.files: list[str] = []
        self.ids: list[str] = []
        self.problems: dict[str, str] = {}
        self._texts: list[str] = []
        self._open: list[str] = []
        self._select: str | None = None
        self._area: tuple[str, list[str]] | None = None
        self._problem: str | None = None
        self.feed(response.text)
        self.text = " ".join(" ".join(self._texts).split())

    def form(self, action: str) -> FormShown:
        """The form that is sent to a path."""
        found = [form for form in self.forms if form.action == action and form.method == "post"]
        assert found, f"no form for {action} among {[form.action for form in self.forms]}"
        return found[0]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag not in VOID:
            self._open.append(tag)
        if tag == "html":
            self.attributes = given
        if "id" in given:
            self.ids.append(given["id"] or "")
        if tag in {"img", "link", "script"}:
            self.files.append(given.get("src") or given.get("href") or "")
        if tag == "a":
            self.links.append(given.get("href") or "")
        if tag == "form":
            self.forms.append(FormShown(given.get("method") or "get", given.get("action") or ""))
        if tag in {"input", "select", "textarea", "option"}:
            self._handle_field(tag, given)
        if (given.get("id") or "").endswith("-problem"):
            self._problem = (given["id"] or "").removesuffix("-problem")

    def _handle_field(self, tag: str, given: dict[str, str | None]) -> None:
        name, value = given.get("name") or "", given.get("value") or ""
        if tag == "select":
            self._select = name
        elif tag == "textarea":
            self._area = (name, [])
        elif tag == "option":
            if "selected" in given and self._select:
                self.forms[-1].fields.append((self._select, value))
        elif name and (given.get("type") not in {"checkbox", "radio"} or "checked" in given):
            self.forms[-1].fields.append((name, value))

    def handle_endtag(self, tag: str) -> None:
        assert tag in VOID or self._open.pop() == tag, f"</{tag}> closes nothing"
        if tag == "select":
            self._select = None
        if tag == "textarea" and self._area:
            self.forms[-1].fields.append((self._area[0], "".join(self._area[1]).lstrip("\n")))
            self._area = None
        if tag == "p":
            self._problem = None

    def handle_data(self, data: str) -> None:
        if self._area:
            self._area[1].append(data)
        if self._open and self._open[-1] in {"script", "style"}:
            return
        if self._problem and data.strip():
            self.problems[self._problem] = data.strip()
        self._texts.append(data)


class Browser:
    """A browser of one person, or of a visitor.

    Args:
        market: The service.
        headers: Further headers that it sends.
    """

    def __init__(self, market: Market, **headers: str) -> None:
        self.client = AsyncClient(
            transport=ASGITransport(market.app), base_url=ORIGIN, headers=HEADERS | headers
        )

    async def open(self, path: str, status: int = 200) -> PageShown:
        """Opens a page, wherever that leads."""
        response = await self.client.get(path, follow_redirects=True)
        assert response.status_code == status, response.text
        return PageShown(response)

    async def post(self, path: str, **fields: Any) -> Response:
        """Sends fields to a path, and follows nothing."""
        return await self.client.post(path, data=fields)

    async def send(
        self, page: PageShown, action: str, status: int = 200, **fields: Any
    ) -> PageShown:
        """Fills in a form of a page and sends it, wherever that leads.

        A list replaces all values of a field, and None leaves it out.
        """
        content: dict[str, list[str]] = {}
        for name, value in page.form(action).fields:
            content.setdefault(name, []).append(value)
        for name, value in fields.items():
            content[name] = value if isinstance(value, list) else [value]
            if value is None:
                del content[name]
        response = await self.client.post(action, data=content, follow_redirects=True)
        assert response.status_code == status, response.text
        return PageShown(response)

    async def log_in(self, actor: Actor) -> PageShown:
        """Logs a user in by the page."""
        page = await self.open("/login")
        return await self.send(page, "/login", username=actor.username, password=PASSWORD)


async def browser_of(market: Market, actor: Actor | None = None) -> Browser:
    """A browser in which a user is logged in, or that of a visitor.

    It gets the cookie of a new session without the login, which takes as long as a hundred pages.
    """
    browser = Browser(market)
    if actor:
        value = new_opaque_token()
        async with market.app.state.database.write() as transaction:
            session = Session.of(actor.id, Client(None, None, ""), LIFETIMES)
            session.cookie_hash = opaque_token_hash(value)
            transaction.add(session)
        browser.client.cookies.set(SESSION, value, "test.local")  # as http.cookiejar names it
    return browser


def page_of(job: Job) -> str:
    """The path of the page of a job."""
    return f"/jobs/{job.path.removeprefix('/cleanings/')}"


def booking_page(booking: MadeBooking) -> str:
    """The path of the page of a booking."""
    return f"/bookings/{booking.data['cleaning_id']}/{booking.data['id']}"
