"""The measured reads, with varying arguments."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.core.languages import Languages
from app.core.security.tokens import Bearer
from app.db.models.booking_shapes import BookingFilters
from app.db.models.bookings import Role
from app.db.models.listings import CleaningFilters, ListingSort
from app.db.models.package_shapes import PackageFilters
from app.db.models.terms import CleaningType
from app.db.models.threads import ThreadKey
from app.db.repositories.bookings import BookingReader
from app.db.repositories.categories import CategoryReader
from app.db.repositories.cleanings import CleaningReader
from app.db.repositories.evaluations import EvaluationReader
from app.db.repositories.feed import FeedReader
from app.db.repositories.messages import MessageReader
from app.db.repositories.notifications import NotificationReader
from app.db.repositories.offers import OfferReader
from app.db.repositories.packages import PackageReader
from app.db.repositories.pages import PageRequest
from app.db.repositories.profiles import ProfileReader
from app.db.repositories.threads import ThreadReader
from app.db.repositories.users import UserReader
from app.postgres.statements import Source
from benchmarks.calls import AREAS, JOBS, STREETS
from benchmarks.data import people
from benchmarks.growth_filters import (
    any_by_price,
    by_price,
    everything,
    having,
    in_german,
    narrow,
    prices,
    starting,
    within,
)

Read = Callable[[Source, int], Awaitable[Any]]
"""A read from a source, with arguments chosen by a number."""
Keys = list[tuple[str, ...]]
"""Starting keys of pages."""

LIMIT = 20
FEW_BOOKINGS = 5
"""Bookings that each user has even in the smallest market, so that all markets return as many."""
FURTHER = 7_919
"""The distance of the positions at which the stream is read."""
DEEP = 1_000
"""The number of a deep page; in a small market, that of the last full one."""
SAMPLE = 200
FIRST = PageRequest(LIMIT)
STAR = "user0"
LANGUAGES = Languages("en", ("en", "de"))
FEW, SOME, COMMON, OLD = "piano", "aquarium", "cleaning", "easter"
"""Words of one job in 1,000, in 100, in 5, and in 10 of the older half of all jobs."""

GERMAN, BEGINNING, NOWHERE = "Kuche", "aquar", "zeppelin"
"""The words of one German job in 8, the beginning of one of one job in 100, and one of no job."""

SOLD = "oven"
"""The word of one package in 16."""

OPEN = "FROM cleanings WHERE status = 'open' AND deleted_at IS NULL"
HAPPENED = "FROM events WHERE subject = 'cleaning'"
THREADS = """
SELECT cleaning_id, cleaner_id FROM threads ORDER BY md5(cleaning_id::text) LIMIT $1
"""
DEEP_KEYS = """
SELECT {columns} {rows} ORDER BY {order} LIMIT $1
OFFSET greatest(0, least($2, (SELECT count(*) {rows}) - 2 * $1))
"""


@dataclass(frozen=True)
class Arguments:
    """Arguments of the reads in one market."""

    callers: list[Bearer]
    cleaners: dict[UUID, Bearer]
    star: Bearer
    jobs: list[UUID]
    threads: list[tuple[UUID, UUID]]
    head: int
    streets: list[str]
    areas: list[str]
    newest: Keys
    cheapest: Keys
    feed: Keys

    @classmethod
    async def of(cls, connection: Any) -> "Arguments":
        """The arguments for the market of a connection."""

        async def column(statement: str) -> list[Any]:
            return [row[0] for row in await connection.fetch(statement, SAMPLE)]

        async def deep(columns: str, rows: str, order: str) -> Keys:
            statement = DEEP_KEYS.format(columns=columns, rows=rows, order=order)
            found = await connection.fetch(statement, LIMIT, LIMIT * (DEEP - 1))
            return [tuple(map(str, row)) for row in found]

        callers = {
            person.username: Bearer(person.id, person.session_id)
            for person in await people(connection)
        }
        return cls(
            list(callers.values()),
            {caller.user_id: caller for caller in callers.values()},
            callers[STAR],
            await column(JOBS),
            [(job, cleaner) for job, cleaner in await connection.fetch(THREADS, SAMPLE)],
            await connection.fetchval("SELECT max(position) FROM stream"),
            await column(STREETS),
            await column(AREAS),
            await deep("id", OPEN, "id DESC"),
            await deep("price, id", OPEN, "price, id"),
            await deep("id", HAPPENED, "id DESC"),
        )

    def caller(self, n: int) -> Bearer:
        """The caller for a number."""
        return self.callers[n % len(self.callers)]

    def browse(self, filters: Callable[[int], CleaningFilters], keys: Keys | None = None) -> Read:
        """A list of jobs: the first page, or pages after some keys."""

        def read(source: Source, n: int) -> Awaitable[Any]:
            request = PageRequest(LIMIT, keys[n % len(keys)]) if keys else FIRST
            return CleaningReader(source).browse(
                self.caller(n), filters(n), request, "EUR", LANGUAGES
            )

        return read

    def packages(self, **filters: Any) -> Read:
        """A list of packages: the first page."""

        def read(source: Source, n: int) -> Awaitable[Any]:
            wanted = PackageFilters(**filters)
            return PackageReader(source).browse(self.caller(n), wanted, FIRST, "EUR", LANGUAGES)

        return read

    def follow_feed(self, keys: Keys | None = None) -> Read:
        """The feed: the first page, or pages after some keys."""

        def read(source: Source, n: int) -> Awaitable[Any]:
            request = PageRequest(LIMIT, keys[n % len(keys)]) if keys else FIRST
            return FeedReader(source).page(self.caller(n), request)

        return read

    def every_filter(self, n: int) -> CleaningFilters:
        """By type, price range and area."""
        return prices(
            n, cleaning_type=CleaningType.FULL_CLEAN, area=self.areas[n % len(self.areas)]
        )

    def street(self, n: int) -> CleaningFilters:
        """By a selective word, in about 20 open jobs of a market of any size."""
        return CleaningFilters(q=self.streets[n % len(self.streets)])

    def one_job(self, source: Source, n: int) -> Awaitable[Any]:
        """A job."""
        return CleaningReader(source).one(self.caller(n), self.jobs[n % len(self.jobs)])

    def profile(self, source: Source, n: int) -> Awaitable[Any]:
        """A profile."""
        return ProfileReader(source).named(self.caller(n), f"user{n % len(self.callers)}")

    def own_bookings(self, source: Source, n: int) -> Awaitable[Any]:
        """The newest bookings of a user."""
        request = PageRequest(FEW_BOOKINGS)
        return BookingReader(source).own(self.caller(n), BookingFilters(), request)

    def one_account(self, source: Source, n: int) -> Awaitable[Any]:
        """An account."""
        return UserReader(source).own(self.caller(n))

    def all_categories(self, source: Source, _: int) -> Awaitable[Any]:
        """The tree of categories."""
        return CategoryReader(source).tree()

    def own_offers(self, source: Source, n: int) -> Awaitable[Any]:
        """The offers of a user."""
        return OfferReader(source).own(self.caller(n), None, FIRST)

    def evaluations(self, source: Source, n: int) -> Awaitable[Any]:
        """The evaluations of the cleaner with the most."""
        return EvaluationReader(source).of_subject(self.caller(n), STAR, Role.CLEANER, FIRST)

    def notifications(self, source: Source, n: int) -> Awaitable[Any]:
        """The newest notifications of a user."""
        return NotificationReader(source).page(self.caller(n), FIRST, unread=False)

    def unread_notifications(self, source: Source, _: int) -> Awaitable[Any]:
        """The newest unread notifications of the cleaner with the most."""
        return NotificationReader(source).page(self.star, FIRST, unread=True)

    def read_mark(self, source: Source, _: int) -> Awaitable[Any]:
        """Their number of unread notifications."""
        return NotificationReader(source).read_mark(self.star)

    def followed(self, source: Source, n: int) -> Awaitable[Any]:
        """The events behind a position of the stream."""
        return FeedReader(source).follow(self.caller(n), n * FURTHER % self.head, LIMIT)

    def inbox(self, source: Source, n: int) -> Awaitable[Any]:
        """The threads of a user."""
        return ThreadReader(source).own(self.caller(n), None, FIRST)

    def inbox_of_star(self, source: Source, _: int) -> Awaitable[Any]:
        """The threads of the cleaner with the most."""
        return ThreadReader(source).own(self.star, None, FIRST)

    def messages(self, source: Source, n: int) -> Awaitable[Any]:
        """The messages of a thread."""
        cleaning_id, cleaner_id = self.threads[n % len(self.threads)]
        key = ThreadKey(cleaning_id, cleaner_id)
        return MessageReader(source).page(self.cleaners[cleaner_id], key, FIRST)

    def stats(self, source: Source, n: int) -> Awaitable[Any]:
        """Their statistics."""
        return EvaluationReader(source).stats(self.caller(n), STAR, Role.CLEANER)


async def reads(connection: Any) -> dict[str, Read]:
    """The reads by title, for the market of a connection."""
    of = await Arguments.of(connection)
    return {
        "own account": of.one_account,
        "one job": of.one_job,
        "feed": of.follow_feed(),
        "feed, 1,000th page": of.follow_feed(of.feed),
        "browse": of.browse(everything),
        "browse, 1,000th page": of.browse(everything, of.newest),
        "browse by price": of.browse(by_price),
        "browse by price, 1,000th page": of.browse(by_price, of.cheapest),
        "browse, price range": of.browse(prices),
        "browse, price range of a cent": of.browse(narrow),
        "browse, type, price range and area": of.browse(of.every_filter),
        "browse, any status by price": of.browse(any_by_price),
        "browse, category with five beneath": of.browse(within("service-3")),
        "browse, category of 1 in 100": of.browse(within("aquariums")),
        "browse, category by price": of.browse(within("service-3", sort=ListingSort.PRICE)),
        "browse, category, type and area": of.browse(
            within("service-3", cleaning_type=CleaningType.FULL_CLEAN, area="Harbour")
        ),
        "all categories": of.all_categories,
        "browse, hour of start": of.browse(starting),
        "search, selective word": of.browse(of.street),
        "search, word of 1 in 1,000": of.browse(having(FEW)),
        "search, word of 1 in 100": of.browse(having(SOME)),
        "search, word of 1 in 100 in an area": of.browse(having(SOME, area="Harbour")),
        "search, common word": of.browse(having(COMMON)),
        "search, word of old jobs only": of.browse(having(OLD)),
        "search, German word": of.browse(having(GERMAN)),
        "search, word of 1 in 100 in German": of.browse(having(SOME, language="de")),
        "search, beginning of a word": of.browse(having(BEGINNING)),
        "search, word of no job": of.browse(having(NOWHERE)),
        "browse, German": of.browse(in_german),
        "packages": of.packages(),
        "packages by price": of.packages(sort=ListingSort.PRICE),
        "packages, area by price": of.packages(area="Harbour", sort=ListingSort.PRICE),
        "packages, category with five beneath": of.packages(category="service-3"),
        "packages, category and area": of.packages(category="service-3", area="Harbour"),
        "packages, search, word of 1 in 16": of.packages(q=SOLD),
        "own packages": of.packages(cleaner="me", status="any"),
        "own offers": of.own_offers,
        "own bookings": of.own_bookings,
        "a profile": of.profile,
        "evaluations of the star": of.evaluations,
        "stats of the star": of.stats,
        "feed, followed from a position": of.followed,
        "notifications": of.notifications,
        "unread notifications of the star": of.unread_notifications,
        "read mark of the star": of.read_mark,
        "inbox": of.inbox,
        "inbox of the star": of.inbox_of_star,
        "messages of a thread": of.messages,
    }
