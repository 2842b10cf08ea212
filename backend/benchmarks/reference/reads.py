"""Reads of the reference."""

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from uuid_utils import uuid7

from app.core.currencies import CURRENCIES
from app.core.queries import Query
from benchmarks.reference import read_statements
from benchmarks.reference.basics import Listing, bearer, database_of, id_in, item_answer

feed = cache(read_statements.feed)
own_offers = cache(read_statements.own_offers)


@cache
def found(kind: Callable[[int, tuple[str, ...]], str], limit: int, names: tuple[str, ...]) -> str:
    """The statement for a list with these filters."""
    return kind(limit, names)


async def read_user(request: Request) -> Response:
    """The caller's account."""
    caller = bearer(request)
    return item_answer(request, await database_of(request).row(read_statements.ME, *caller))


async def read_cleaning(request: Request) -> Response:
    """A job."""
    caller, cleaning_id = bearer(request), id_in(request, "cleaning_id")
    row = await database_of(request).row(read_statements.CLEANING, *caller, cleaning_id)
    return item_answer(request, row)


async def read_feed(request: Request) -> Response:
    """Events of jobs, newest first."""
    return await _page(request, feed)


async def list_own_offers(request: Request) -> Response:
    """The caller's offers, newest first."""
    return await _page(request, own_offers)


async def _page(request: Request, statement: Callable[..., str]) -> Response:
    caller, listing = bearer(request), Listing(request)
    if listing.filters:
        raise HTTPException(422)
    after = listing.after or ()
    sql = statement(listing.limit, continued=bool(after))
    return listing.answer(request, await database_of(request).row(sql, *caller, *after))


def one_of(*choices: str) -> Callable[[str], str]:
    """Validates one of a few words."""

    def check(value: str) -> str:
        if value not in choices:
            raise ValueError(value)
        return value

    return check


def text(longest: int) -> Callable[[str], str]:
    """Validates a text."""

    def check(value: str) -> str:
        value = value.strip()
        if not 1 <= len(value) <= longest or "\0" in value:
            raise ValueError(value)
        return value

    return check


def price(value: str) -> Decimal:
    """Validates an amount."""
    amount = Decimal(value)
    if not 0 <= amount < 10**8 or amount != round(amount, 2):
        raise ValueError(value)
    return amount


CHECKS: Mapping[str, Callable[[str], Any]] = {
    "status": one_of("open", "booked", "completed", "cancelled", "any"),
    "cleaning_type": one_of("dust_up", "spot_clean", "full_clean"),
    "currency": one_of(*CURRENCIES),
    "min_price": price,
    "max_price": price,
    "area": lambda value: text(100)(value).lower(),
    "category": text(60),
    "q": text(200),
}


PACKAGE_CHECKS = {
    "state": one_of("draft", "published", "paused", "archived"),
    **{name: CHECKS[name] for name in ("currency", "min_price", "max_price", "area")},
}


def checked(listing: Listing, checks: Mapping[str, Callable[[str], Any]]) -> dict[str, Any]:
    """The filters of a request, validated."""
    try:
        return {name: checks[name](value) for name, value in listing.filters.items()}
    except (KeyError, ValueError, InvalidOperation) as error:
        raise HTTPException(422) from error


async def browse_packages(request: Request) -> Response:
    """Packages, newest first."""
    caller, listing = bearer(request), Listing(request)
    given = checked(listing, PACKAGE_CHECKS)
    given.setdefault("state", "published")
    if given.keys() & {"min_price", "max_price"}:
        given.setdefault("currency", "EUR")
    if given.keys() - {"state"}:
        given["known"] = True
    if listing.after:
        (given["after"],) = listing.after
    sql = found(read_statements.packages, listing.limit, tuple(given))
    row = await database_of(request).row(sql, *caller, *given.values())
    return listing.answer(request, row, hinted=True)


async def browse_cleanings(request: Request) -> Response:
    """Jobs, newest first; for a search, the best of the newest."""
    caller, listing = bearer(request), Listing(request)
    given = checked(listing, CHECKS)
    if given.setdefault("status", "open") == "any":
        del given["status"]
    if given.keys() & {"min_price", "max_price"}:
        given.setdefault("currency", "EUR")
    kind, further = read_statements.browse, []
    if "q" in given:
        if listing.after:
            raise HTTPException(422)  # not measured
        kind = read_statements.search
        given["q"] = Query(given["q"]).written("en")
        given["moment"] = str(uuid7())
        further = [given["moment"]]
    else:
        if "category" in given:
            kind = read_statements.browse_within
        if given.keys() - {"status", "category"}:
            given["known"] = True
        if listing.after:
            (given["after"],) = listing.after
    sql = found(kind, listing.limit, tuple(given))
    row = await database_of(request).row(sql, *caller, *given.values())
    return listing.answer(request, row, *further, hinted=True)
