"""Writes of the reference.

Bodies are validated by Pydantic models: the same checks in plain Python would take longer.
"""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal, TypeVar

import asyncpg
import orjson
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    Field,
    StringConstraints,
    ValidationError,
)
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from uuid_utils import uuid7

from app.core.currencies import CURRENCIES
from benchmarks.reference import read_statements, write_statements
from benchmarks.reference.basics import (
    bearer,
    database_of,
    id_in,
    item_answer,
)

NO_NUL = r"^[^\x00]*$"
SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"

Shape = TypeVar("Shape", bound=BaseModel)


def text(longest: int, shortest: int = 1) -> StringConstraints:
    """A trimmed text."""
    return StringConstraints(
        strip_whitespace=True, min_length=shortest, max_length=longest, pattern=NO_NUL
    )


def is_currency(code: str) -> str:
    """Refuses unknown currencies."""
    if code not in CURRENCIES:
        raise ValueError("is not a currency")
    return code


Money = Annotated[Decimal, Field(gt=0, max_digits=10, decimal_places=2)]


class JobDraft(BaseModel, extra="forbid"):
    """A new job."""

    name: Annotated[str, text(120)]
    description: Annotated[str, text(5000, 0)] | None = None
    cleaning_type: Literal["dust_up", "spot_clean", "full_clean"] = "spot_clean"
    price: Money
    currency: Annotated[str, AfterValidator(is_currency)] = "EUR"
    starts_at: Annotated[AwareDatetime, Field(strict=True)] | None = None
    duration: Annotated[int, Field(strict=True, ge=1, le=10080)] | None = None
    area: Annotated[str, text(100)] | None = None
    address: Annotated[str, text(300)] | None = None
    category: Annotated[str, StringConstraints(max_length=60, pattern=SLUG)] | None = None


class OfferDraft(BaseModel, extra="forbid"):
    """A new offer."""

    price: Money | None = None
    message: Annotated[str, text(5000, 0)] | None = None


async def body(request: Request, shape: type[Shape]) -> Shape:
    """The validated body."""
    try:
        return shape.model_validate_json(await request.body())
    except ValidationError as error:
        raise HTTPException(422) from error


def now() -> datetime:
    """The present moment."""
    return datetime.now(UTC)


async def record(
    connection: Any,
    actor: str,
    subject: str,
    subject_id: str,
    kind: str,
    cleaning_id: Any = None,
    payload: bytes = b"{}",
) -> None:
    """Records an event."""
    await connection.execute(
        write_statements.ADD_EVENT,
        str(uuid7()),
        actor,
        subject,
        subject_id,
        kind,
        cleaning_id,
        payload.decode(),
        now(),
    )


async def demand(connection: Any, caller: tuple[str, str]) -> None:
    """Refuses a caller whose session has ended, and locks their account against deletion."""
    if await connection.fetchval(write_statements.CALLER, *caller) is None:
        raise HTTPException(401)


async def demand_free(connection: Any, one: str, other: str) -> None:
    """Refuses what is new between two people of whom one has blocked the other."""
    if await connection.fetchval(write_statements.HAS_BLOCKED, one, other):
        raise HTTPException(409)


async def demand_in_category(connection: Any, caller: tuple[str, str], category: str) -> None:
    """Like `demand`, for a caller whose new job gets a category, which must be active."""
    statement = write_statements.CALLER_IN_CATEGORY
    if await connection.fetchval(statement, *caller, category) is None:
        await demand(connection, caller)
        raise HTTPException(422)


async def count(connection: Any, category: str, owner: str, by: int) -> None:
    """Changes the number of open jobs of a category."""
    await connection.execute(write_statements.ADD_TO_CATEGORY, str(uuid7()), category, owner, by)


async def post_cleaning(request: Request) -> Response:
    """Posts a job."""
    caller = bearer(request)
    draft = await body(request, JobDraft)
    cleaning_id = str(uuid7())

    async def work(connection: Any) -> Response:
        if draft.category is None:
            await demand(connection, caller)
        else:
            await demand_in_category(connection, caller, draft.category)
        values = [*draft.__dict__.values(), draft.area and draft.area.lower()]
        await connection.execute(
            write_statements.ADD_JOB, cleaning_id, caller.user_id, *values, now()
        )
        if draft.category is not None:
            await count(connection, draft.category, caller.user_id, 1)
        await record(connection, caller.user_id, "cleaning", cleaning_id, "created", cleaning_id)
        row = await connection.fetchrow(read_statements.CLEANING, *caller, cleaning_id)
        return item_answer(request, row, f"/api/v1/cleanings/{cleaning_id}")

    return await database_of(request).write(work)


async def make_offer(request: Request) -> Response:
    """Makes an offer for a job."""
    caller, cleaning_id = bearer(request), id_in(request, "cleaning_id")
    draft = await body(request, OfferDraft)
    offer_id = str(uuid7())

    async def work(connection: Any) -> Response:
        await demand(connection, caller)
        job = await connection.fetchrow(
            write_statements.LOCK_VISIBLE_JOB, cleaning_id, caller.user_id
        )
        if job is None:
            raise HTTPException(404)
        if job["owner_id"] == caller.user_id or job["status"] != "open":
            raise HTTPException(409)
        await demand_free(connection, caller.user_id, job["owner_id"])
        price = job["price"] if draft.price is None else round(draft.price, 2)
        try:
            await connection.execute(
                write_statements.ADD_OFFER,
                cleaning_id,
                offer_id,
                caller.user_id,
                price,
                draft.message,
                job["currency"],
                job["terms_revision"],
                now(),
            )
        except asyncpg.UniqueViolationError as error:
            raise HTTPException(409) from error
        payload = orjson.dumps({"price": str(price)})
        await record(connection, caller.user_id, "offer", offer_id, "created", cleaning_id, payload)
        row = await connection.fetchrow(read_statements.OFFER, *caller, cleaning_id, offer_id)
        path = f"/api/v1/cleanings/{cleaning_id}/offers/{offer_id}"
        return item_answer(request, row, path)

    return await database_of(request).write(work)


def expected_versions(request: Request) -> set[str] | None:
    """The versions in `If-Match`; None if there is no such header."""
    tags = request.headers.get("if-match", "*")
    if tags.strip() == "*":
        return None
    return {tag.strip().strip('"') for tag in tags.split(",")}


async def accept_offer(request: Request) -> Response:
    """Accepts an offer."""
    caller, cleaning_id = bearer(request), id_in(request, "cleaning_id")
    offer_id, expected = id_in(request, "offer_id"), expected_versions(request)
    booking_id = str(uuid7())

    async def work(connection: Any) -> Response:
        await demand(connection, caller)
        blocked = await connection.fetchval(write_statements.HOLD_OFFERER, cleaning_id, offer_id)
        job = await connection.fetchrow(write_statements.LOCK_JOB, cleaning_id)
        offer = await connection.fetchrow(write_statements.LOCK_OFFER, cleaning_id, offer_id)
        if job is None or offer is None:
            raise HTTPException(404)
        if job["owner_id"] != caller.user_id:
            raise HTTPException(403 if offer["cleaner_id"] == caller.user_id else 404)
        if offer["hidden_at"]:
            raise HTTPException(404)
        if expected is not None and str(offer["version"]) not in expected:
            raise HTTPException(412)
        if (job["status"], offer["status"]) != ("open", "pending") or job["hidden_at"]:
            raise HTTPException(409)
        if offer["terms_revision"] < job["terms_revision"]:
            raise HTTPException(409)
        if blocked:
            raise HTTPException(409)
        await demand_free(connection, caller.user_id, offer["cleaner_id"])
        moment = now()
        await connection.execute(write_statements.BOOK, cleaning_id, moment)
        if job["category"] is not None:
            await count(connection, job["category"], caller.user_id, -1)
        await connection.execute(write_statements.ACCEPT, cleaning_id, offer_id, moment)
        await connection.execute(
            write_statements.ADD_BOOKING,
            cleaning_id,
            booking_id,
            offer_id,
            caller.user_id,
            offer["cleaner_id"],
            offer["price"],
            offer["currency"],
            job["terms"],
            moment,
            job["language"],
        )
        await connection.execute(
            write_statements.SUPERSEDE, cleaning_id, moment, caller.user_id, str(uuid7())
        )
        payload = orjson.dumps({"booking_id": booking_id, "offer_id": str(offer_id)})
        await record(
            connection, caller.user_id, "cleaning", str(cleaning_id), "booked", cleaning_id, payload
        )
        row = await connection.fetchrow(read_statements.BOOKING, *caller, cleaning_id, booking_id)
        return item_answer(request, row, f"/api/v1/cleanings/{cleaning_id}/bookings/{booking_id}")

    return await database_of(request).write(work)
