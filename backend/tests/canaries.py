"""Users with a unique value in every personal column."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from fastapi import FastAPI

from app.db.models import metadata
from app.db.models.privacy import Holding, Personal, Tier
from app.db.models.register import REGISTER
from tests.factories.bookings import MadeBooking, make_booking
from tests.factories.categories import make_category
from tests.factories.cleanings import Job, date_back, make_cleaning
from tests.factories.evaluations import make_evaluation
from tests.factories.extras import bring_extra
from tests.factories.links import verifying
from tests.factories.offers import make_offer
from tests.factories.sessions import make_login, make_member, refresh
from tests.factories.users import Actor, Market, change_email, make_user, market_from
from tests.features import FEATURES
from tests.mail import deliver

EARLIER: dict[str, Any] = {
    "name": "Canary name of before",
    "description": "Canary description of before",
    "cleaning_type": "full_clean",
    "price": "12345.67",
    "currency": "CHF",
    "starts_at": "2031-01-31T09:00:00Z",
    "duration": 119,
    "area": "Canary area of before",
    "address": "Canary address of before",
    "category": "kitchens",
    "extras": ["fridge"],
}
TERMS: dict[str, Any] = {
    "name": "Canary name",
    "description": "Canary description",
    "cleaning_type": "dust_up",
    "price": "7654.32",
    "currency": "SEK",
    "starts_at": "2104-02-29T10:00:00Z",
    "duration": 91,
    "area": "Canary area",
    "address": "Canary address",
    "category": "attics",
    "extras": ["beams"],
}
CRITERIA = dict.fromkeys(("professionalism", "completeness", "efficiency"), 4)
NOT_BY_CALLS = (
    "UPDATE users SET role = 'staff', email_verified_at = now() WHERE id = $1",
    """UPDATE sessions SET cookie_hash = decode(md5('canary'), 'hex')
    WHERE id = (SELECT id FROM sessions WHERE user_id = $1 ORDER BY id LIMIT 1)""",
    """INSERT INTO uploads (id, user_id, media_type, state, original, expires_at, created_at,
        updated_at, version) VALUES (gen_random_uuid(), $1, 'image/jpeg', 'processing',
        'canary of an original', now(), now(), now(), 1)""",
    "UPDATE second_factors SET removal_id = $1, removal_due_at = now() WHERE user_id = $1",
)
"""What gives columns a value that no call of their own does."""

TRACES = [feature.traces for feature in FEATURES if feature.traces]
"""What leaves the personal data that each feature holds."""

UNABLE = {"users.inactive_at", "users.blocked_at", "users.pending_until"}
"""Columns that prevent the use and the deletion of an account."""

BELONGING = {
    **dict.fromkeys(("refresh_tokens", "api_keys"), "SELECT id FROM sessions WHERE user_id = $1"),
    "order_items": "SELECT id FROM orders WHERE $1 IN (customer_id, cleaner_id)",
}
"""Tables that belong to a user through rows of another, with the keys of these rows."""

SHORTEST = 11
"""Values that are shorter, such as a currency, may be found anywhere."""


@dataclass(frozen=True, eq=False)
class Entry:
    """A line of the register."""

    holding: Holding
    column: str
    field: Personal

    def __str__(self) -> str:
        return f"{self.holding.table}.{self.column} of {self.holding.person}"

    @property
    def query(self) -> str:
        """Selects the keys of somebody's rows, and what stands there."""
        table, person = self.holding.table, self.holding.person
        column, _, path = self.column.partition(".")
        keys = ", ".join(key.name for key in metadata.tables[table].primary_key)
        value = f"{column} -> '{path}'" if path else f"to_json({column})"
        own = f"{person} = $1"
        if table in BELONGING:
            own = f"{person} IN ({BELONGING[table]})"
        if self.column == "cancellation_reason" and table == "bookings":
            own += f" AND cancelled_by = '{str(person).removesuffix('_id')}'"
        return f"SELECT concat({keys}), {value} #>> '{{}}' FROM {table} WHERE {own}"  # noqa: S608


ENTRIES = [
    Entry(holding, column, field)
    for holding in REGISTER
    if holding.person
    for column, field in holding.personal.items()
]
"""The holdings with a column that identifies the user."""


@dataclass(frozen=True)
class Canary:
    """A user with data in all tables, and the other sides."""

    app: FastAPI
    actor: Actor
    other: Actor
    """Who is the other side of all that they do."""
    paths: list[str]
    """Where all of this is to be found."""

    async def values(self, entry: Entry) -> dict[str, str]:
        """What stands in a column, by the keys of the rows."""
        rows = await self.app.state.database.fetch(entry.query, [self.actor.id])
        return {row[0]: row[1] for row in rows if row[1] not in {None, "[]"}}

    async def telling(self, entries: Iterable[Entry]) -> set[str]:
        """All values of some columns that can't be found elsewhere by chance."""
        values = {value for entry in entries for value in (await self.values(entry)).values()}
        return {value for value in values if len(value) >= SHORTEST}


def shown_to(*tiers: Tier) -> list[Entry]:
    """What is shown to some."""
    return [entry for entry in ENTRIES if entry.field.tier in tiers]


async def make_canary(market: Market, *, live: bool = False) -> Canary:
    """A user who has used every operation.

    Args:
        market: Where.
        live: Whether they still have a scheduled booking; else they can delete their account.
    """
    actor, other = await make_member_from_afar(market), await make_user(market)
    seen = [path for leave in TRACES for path in await leave(market, actor, other)]
    with verifying(market):
        await change_email(actor, "canary-to-be@example.com")
        await deliver(market)
    jobs = await make_jobs(market, actor)
    others = [await make_cleaning(market, other) for _ in range(3)]
    bookings = [await book(market, job, other) for job in jobs[:2]]
    bookings += [await book(market, job, actor, message="Canary message") for job in others[:2]]
    await date_back(market, jobs[0], days=2)
    for role, (finished, cancelled) in {"owner": bookings[:2], "cleaner": bookings[2:]}.items():
        await finished.owner.post(f"{finished.path}/completion")
        await evaluate(market, finished, actor)
        await actor.post(f"{cancelled.path}/cancellation", {"reason": f"Canary reason of {role}"})
    key = {"Idempotency-Key": "canary-key"}
    await actor.post(f"{jobs[2].path}/cancellation", {"reason": "Canary reason"}, headers=key)
    await actor.delete(jobs[3].path)
    await make_offer(market, jobs[4], other)
    await make_offer(market, others[2], actor, message="Canary message of late")
    if live:
        bookings.append(await book(market, jobs[5], other))
    for statement in NOT_BY_CALLS:
        await market.app.state.database.fetch(statement, [actor.id])
    places = [*paths(actor, [*jobs, *others], bookings)]
    return Canary(
        market.app, actor, other, [*places, *seen, f"/profiles/{other.username}/evaluations"]
    )


async def make_member_from_afar(market: Market) -> Actor:
    """A user with a unique device and address."""
    member = await make_member(market, username="Canary-Before", email="Canary@example.com")
    afar, device = market_from(market, "203.0.113.77"), {"User-Agent": "Canary device"}
    _, refresh_token = await make_login(afar, member, **device)
    tokens = (await refresh(afar, refresh_token, **device)).json()
    member = replace(member, client=afar.client, token=tokens["access_token"])
    await member.patch("/users/me", {"username": "Canary-Username", "language": "de"})
    return replace(member, username="Canary-Username")


async def make_jobs(market: Market, owner: Actor) -> list[Job]:
    """Jobs of which the first was worded anew."""
    for terms in (EARLIER, TERMS):
        await make_category(market, slug=terms["category"])
        await bring_extra(market, terms["category"], *terms["extras"])
    first = await make_cleaning(market, owner, **EARLIER)
    await owner.patch(first.path, TERMS)
    return [first, *[await make_cleaning(market, owner, **TERMS) for _ in range(5)]]


async def book(market: Market, job: Job, cleaner: Actor, **draft: str) -> MadeBooking:
    """A scheduled booking."""
    return await make_booking(market, await make_offer(market, job, cleaner, **draft))


async def evaluate(market: Market, booking: MadeBooking, actor: Actor) -> None:
    """Both sides say of each other what they can."""
    for role, author in {"owner": booking.owner, "cleaner": booking.cleaner}.items():
        stars = CRITERIA if role == "owner" else {}
        said = f"by a canary, the {role}" if author is actor else f"of a canary, by the {role}"
        await make_evaluation(
            market,
            booking,
            author,
            headline=f"Headline {said}",
            comment=f"Comment {said}",
            overall_rating=3 if author is actor else 5,
            **stars,
        )


def paths(actor: Actor, jobs: list[Job], bookings: list[MadeBooking]) -> Iterator[str]:
    """The responses that show the actions of a user."""
    yield from ("/feed/cleanings", "/cleanings?status=any")
    yield from ("/cleanings?q=canary", "/offers", "/bookings", "/users/me/export")
    for role in ("owner", "cleaner"):
        yield f"/profiles/{actor.username}/evaluations?role={role}"
    for job in jobs:
        yield from (job.path, f"{job.path}/offers", f"{job.path}/revisions")
    for booking in bookings:
        yield from (booking.path, f"{booking.path}/evaluation", booking.offer.path)
