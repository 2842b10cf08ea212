"""``python -m benchmarks.saved_searches``: the cost of a new job among 100,000 saved searches."""

import asyncio
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from statistics import median
from typing import Any, NamedTuple

from rich.console import Console

from app.core.database import DatabaseSettings
from app.core.lifecycle import connected as pool_of
from app.core.queries import Query
from app.core.security.tokens import Bearer
from app.db.models.fields import new_id, now
from app.db.models.saved_searches import SavedSearchFilters, keys_of
from app.db.models.terms import CleaningCreate
from app.db.repositories.notifications import NotificationRepository
from app.db.repositories.saved_searches import SavedSearchRepository, Way
from app.db.repositories.stream import StreamRepository
from app.postgres.database import Database
from app.postgres.transactions import Transaction
from app.services.cleanings import CleaningService
from benchmarks.data import Market, load, people
from benchmarks.databases import connected, copied
from benchmarks.growth_calls import LANGUAGES
from benchmarks.processes import own_cpu_seconds
from benchmarks.report import PAGE, Row, markdown, print_table, replace
from benchmarks.server import running_server
from dev.cluster import PostgresError

JOBS = 10_000
SEARCHES = 100_000
AREAS, CATEGORIES = 500, 40
EACH, WARM_UP = 25, 6
"""How many jobs of each kind are posted, and how many of them fill caches and settle plans."""
PRICE, TOO_DEAR = Decimal(50), Decimal(100)
TOLD = "SELECT count(*) FROM notifications WHERE position = $1"


class Kind(NamedTuple):
    """A kind of jobs, and the searches that have a word of it.

    Args:
        title: What it matches.
        word: Its name.
        searches: The number of searches for this word.
        min_price: The lowest price of these searches.
    """

    title: str
    word: str
    searches: int
    min_price: Decimal | None = None


KINDS = (
    Kind("searches of its area and category only", "pianos", 0),
    Kind("100 others, too", "zeppelins", 100),
    Kind("1,000 others", "chandeliers", 1_000),
    Kind("3,000 others", "trampolines", 3_000),
    Kind("10,000 others", "conservatories", 10_000),
    Kind("none of 10,000 that have a key of it", "greenhouses", 10_000, TOO_DEAR),
)


Ways = Mapping[str, Sequence[Way]]
"""The ways to match a word, by word."""


def placed(number: int) -> dict[str, Any]:
    """An area and a category, chosen by a number."""
    kind = number // AREAS % CATEGORIES
    return {"area": f"Area {number % AREAS}", "category": f"service-{kind // 5}-{kind % 5}"}


def searches() -> Iterator[SavedSearchFilters]:
    """The filters of all saved searches."""
    for kind in KINDS:
        for _ in range(kind.searches):
            yield SavedSearchFilters(q=kind.word, min_price=kind.min_price, currency="EUR")
    for number in range(SEARCHES - sum(kind.searches for kind in KINDS)):
        yield SavedSearchFilters(**placed(number))


async def prepare(transaction: Transaction) -> Ways:
    """The ways to match the words of all kinds."""
    repository = SavedSearchRepository(transaction)
    return {
        kind.word: await repository.prepare(Query(kind.word), LANGUAGES, None) for kind in KINDS
    }


async def save(connection: Any, ways: Ways) -> None:
    """Saves a search for each account."""
    users = await connection.fetch("SELECT id FROM users LIMIT $1", SEARCHES)
    rows, keys, moment = [], [], now()
    for user, each in zip(users, searches(), strict=True):
        found, search_id = ways[each.q] if each.q else (), new_id()
        completed = {
            "id": search_id,
            "user_id": user["id"],
            "area_key": each.area and each.area.lower(),
            "queries": json.dumps({way.language: way.query for way in found}),
            "version": 1,
            "created_at": moment,
            "updated_at": moment,
        }
        rows.append(each.model_dump() | completed)
        words = [way.word for way in found]
        keys += [(key, search_id) for key in keys_of(each.area, each.category, words)]
    await connection.copy_records_to_table(
        "saved_searches", records=[tuple(row.values()) for row in rows], columns=[*rows[0]]
    )
    await connection.copy_records_to_table("saved_search_keys", records=keys)
    await connection.execute("ANALYZE saved_searches, saved_search_keys")


async def post(transaction: Transaction, owner: Bearer) -> list[int]:
    """Posts jobs of all kinds, and enters them into the stream; returns their positions."""
    service, stream = CleaningService(transaction), StreamRepository(transaction)
    for kind in KINDS:
        for number in range(EACH):
            draft = CleaningCreate(name=kind.word, price=PRICE, **placed(number))
            await service.post(owner, draft, "EUR", "en")
    head = await stream.lock()
    if head is None:
        raise RuntimeError("The market has no stream.")
    return [entry.position for entry in await stream.enter_pending(head, singly=False)]


async def measure(market: Market) -> list[Row]:
    """The CPU time of the statement that stores the notifications of one job, by kind."""
    settings = DatabaseSettings(environment="development", database_url=market.url)
    async with connected(market.url) as connection, pool_of(settings) as pool:
        database = Database(pool)
        async with database.write() as transaction:
            ways = await prepare(transaction)
        await save(connection, ways)
        person, *_ = await people(connection)
        async with database.write() as transaction:
            positions = await post(transaction, Bearer(person.id, person.session_id))
        rows: list[Row] = [("a job that matches", "users told", "milliseconds of CPU time")]
        for kind in KINDS:
            of_kind = [positions.pop(0) for _ in range(EACH)]
            seconds = [await notify(database, position) for position in of_kind]
            told = await connection.fetchval(TOLD, of_kind[-1])
            rows.append((kind.title, f"{told:,}", f"{median(seconds[WARM_UP:]) * 1e3:.1f}"))
    return rows


async def notify(database: Database, position: int) -> float:
    """Stores the notifications of an event, and returns PostgreSQL's CPU time in seconds."""
    async with database.write() as transaction:
        ((pid,),) = await transaction.fetch("SELECT pg_backend_pid()", ())
        begun = own_cpu_seconds(pid)
        await NotificationRepository(transaction).notify(position, position)
        return own_cpu_seconds(pid) - begun


def main() -> None:
    """Measures, prints the results, and updates docs/performance.md."""
    try:
        with running_server() as server:
            market = load(server, JOBS)
            name = "market_of_searches"
            with copied(server.url, market.name, name):
                copy = Market(name, server.database(name), JOBS)
                rows = asyncio.run(measure(copy))
    except (PostgresError, OSError) as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit(130)
    print_table(Console(), rows)
    replace(PAGE, "saved searches", markdown(rows))


if __name__ == "__main__":
    main()
