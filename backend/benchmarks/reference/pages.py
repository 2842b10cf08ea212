"""Pages of the reference: the service's own compiled templates, on lean objects."""

import gzip
import hashlib
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from time import monotonic
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import orjson
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from app.core.catalogues import LANGUAGES
from app.web.forms import LABELS
from app.web.rendering import Renderer
from benchmarks.reference import page_statements, read_statements
from benchmarks.reference.basics import Bearer, Database, Listing, database_of, id_in
from benchmarks.reference.reads import found

TEMPLATES = Renderer(
    "en",
    ZoneInfo("UTC"),
    "EUR",
    {
        "market": SimpleNamespace(
            name="Sweep",
            colour="teal",
            currency="EUR",
            logo=None,
            imprint=[],
            terms=[],
        ),
        "labels": LABELS,
        "language": "en",
        "languages": LANGUAGES,
        "text_languages": LANGUAGES,
        "direction": "ltr",
    },
)
KINDS = ("dust_up", "spot_clean", "full_clean")
RECENT = timedelta(minutes=15)
TREE_KEPT_FOR = 10.0  # seconds
HEADERS: Mapping[str, str] = {
    "content-type": "text/html; charset=utf-8",
    "content-encoding": "gzip",
    "content-language": "en",
    "content-security-policy": (
        "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
        "object-src 'none'"
    ),
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
    "referrer-policy": "same-origin",
    "vary": "Cookie, Accept-Language, Accept-Encoding",
    "x-content-type-options": "nosniff",
}
READ: Mapping[str, Callable[[Any], Any]] = {
    "price": Decimal,
    **dict.fromkeys(("starts_at", "created_at", "edited_at"), datetime.fromisoformat),
}
"""The types of fields that JSON has as texts."""

known: dict[str, Bearer] = {}
"""The sessions of cookies, cached as in the service."""


class Lean:
    """An object of the fields of a dictionary."""

    offer_counts: Any
    role: str
    stock: int | None

    def __init__(self, fields: dict[str, Any]) -> None:
        self.__dict__ = {
            name: READ[name](value) if name in READ and value is not None else lean(value)
            for name, value in fields.items()
        }

    @property
    def is_own(self) -> bool:
        """Whether the caller is the owner of this job."""
        return self.offer_counts is not None

    @property
    def is_staff(self) -> bool:
        """Whether this account is one of staff."""
        return self.role != "user"

    @property
    def is_sold_out(self) -> bool:
        """Whether no piece of this package is left."""
        return self.stock == 0


def lean(value: Any) -> Any:
    """A part of a JSON document."""
    if isinstance(value, dict):
        return Lean(value)
    return [lean(each) for each in value] if isinstance(value, list) else value


def objects(texts: list[str] | None) -> list[Any]:
    """The objects of JSON documents."""
    content: list[Any] = lean(orjson.loads(f"[{','.join(texts or [])}]"))
    return content


class Fields:
    """A form with the present values of its fields."""

    problems: Mapping[str, str] = {}
    filled_in = False

    def __init__(self, action: str, **values: str) -> None:
        self.action, self._values = action, values

    def value(self, name: str, default: str = "") -> str:
        """The value of a field."""
        return self._values.get(name, default)

    def problem(self, _: str) -> None:
        """Nothing is wrong with a field."""


class Tree:
    """The categories, kept for some seconds as in the service."""

    read_at = -TREE_KEPT_FOR
    rows: Mapping[str, Any] = {}

    async def read(self, database: Database) -> None:
        """Reads them if they are too old."""
        if monotonic() >= self.read_at + TREE_KEPT_FOR:
            rows = await database.rows(page_statements.CATEGORIES)
            self.rows, self.read_at = {row["slug"]: row for row in rows}, monotonic()

    @property
    def options(self) -> list[tuple[str, str]]:
        """The categories for a choice."""
        return [
            (slug, "\u2007\u2007" * (row["tier"] - 1) + row["name"])
            for slug, row in self.rows.items()
        ]

    def trail(self, slug: str | None) -> list[str]:
        """The names of a category and all above it."""
        row = self.rows.get(slug or "")
        return [*self.trail(row["parent"]), row["name"]] if row else []


tree = Tree()


class Visit:
    """A request for a page: its caller, if there is one, and their account."""

    def __init__(self, request: Request) -> None:
        self.request, self.database = request, database_of(request)
        self.caller: tuple[str | None, str | None] = (None, None)
        self.viewer: Any = None

    async def log_in(self) -> None:
        """Finds the caller."""
        cookie = self.request.cookies.get("__Host-session")
        if cookie is None:
            return
        if cookie not in known:
            digest = hashlib.sha256(cookie.encode()).digest()
            found = await self.database.row(page_statements.SESSION_OF_COOKIE, digest)
            if found is None:
                raise HTTPException(401)
            known[cookie] = Bearer(*found)
        self.caller = known[cookie]
        since = datetime.now(UTC) - RECENT
        row = await self.database.row(page_statements.VIEWER, *self.caller, since)
        if row is None:
            raise HTTPException(401)
        (self.viewer,) = objects([row["item"]])

    async def row(self, statement: str, *arguments: Any) -> Any:
        """Runs a statement as the caller, or as a visitor."""
        if self.viewer is None:
            statement = page_statements.for_visitors(statement)
        return await self.database.row(statement, *self.caller, *arguments)

    def answer(self, file: str, **variables: Any) -> Response:
        """The response with a page."""
        path = self.request.url.path
        text = TEMPLATES.environment.get_template(file).render(
            variables,
            viewer=self.viewer,
            path=path,
            base=str(self.request.base_url).rstrip("/"),
            here=path,
            refusal=None,
            failed_request=None,
            said=None,
        )
        kept = {"cache-control": "no-store" if self.viewer else "no-cache"}
        return Response(gzip.compress(text.encode(), 5, mtime=0), headers={**HEADERS, **kept})


async def show_jobs(request: Request) -> Response:
    """The page of open jobs."""
    return await _list(request, "cleanings/browse.html", read_statements.browse, status="open")


async def show_packages(request: Request) -> Response:
    """The page of packages."""
    return await _list(request, "packages/browse.html", read_statements.packages, state="published")


async def _list(request: Request, file: str, kind: Callable[..., str], **filters: str) -> Response:
    visit, listing = Visit(request), Listing(request)
    if listing.filters:
        raise HTTPException(422)  # not measured
    await visit.log_in()
    row = await visit.row(found(kind, listing.limit, tuple(filters)), *filters.values())
    items = objects(row["items"])
    cursor = listing.cursor(row)
    await tree.read(visit.database)
    return visit.answer(
        file,
        form=Fields(request.url.path),
        items=items[: listing.limit],
        more=f"{request.url.path}?cursor={cursor}" if cursor else None,
        hint=None,
        saving=None,
        categories=tree.options,
        types=KINDS,
    )


async def show_job(request: Request) -> Response:
    """The page of a job, for others than its owner."""
    visit, cleaning_id = Visit(request), id_in(request, "cleaning_id")
    await visit.log_in()
    row = await visit.row(read_statements.CLEANING, cleaning_id)
    if row is None or row["item"] is None:
        raise HTTPException(404)
    (job,) = objects([row["item"]])
    if job.is_own:
        raise HTTPException(403)  # not measured
    await tree.read(visit.database)
    path = request.url.path
    asked = await visit.row(page_statements.QUESTIONS, cleaning_id)
    return visit.answer(
        "cleanings/show.html",
        job=job,
        trail=tree.trail(job.category),
        offer_form=Fields(f"{path}/offers", price=TEMPLATES.formats.amount(job.price)),
        asked=SimpleNamespace(
            items=objects(asked["items"]),
            path=path,
            has_more=False,
            is_own=False,
            is_open=job.status == "open",
            form=Fields(f"{path}/questions"),
        ),
    )
