"""Contention on one job: many concurrent offers, and an acceptance among thousands."""

import argparse
import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from itertools import cycle
from statistics import mean, median
from string import Template
from uuid import UUID

import httpx
import orjson
from rich.console import Console

from app.core.security.keys import Keyring
from app.core.security.tokens import AccessTokens, Bearer
from benchmarks.calls import API, JSON
from benchmarks.compare import send
from benchmarks.data import SQL, Market, load
from benchmarks.databases import connected, copied
from benchmarks.load import Load, Request, drive
from benchmarks.measure import settle
from benchmarks.report import PAGE, markdown, popular, print_table, replace
from benchmarks.results import Acceptance, Contention
from benchmarks.server import Server, running_server
from benchmarks.services import OURS, SECRET, Service, running
from benchmarks.timing import job_locks, steps_logged

CLIENTS = 64
PACE = 100  # offers per second
RIVALS = 10_000
POPULAR = 100  # jobs, enough for many rounds
FASTEST = 4_000  # offers per second for which there are enough users
NAME = "contention"
DRAFT = orjson.dumps({"price": "45.00", "message": "I bring my own tools."}).decode()

OPEN_JOBS = """
SELECT cleanings.id, owner_id AS user_id, sessions.id AS session_id
FROM cleanings JOIN sessions ON user_id = owner_id
WHERE status = 'open' ORDER BY md5(cleanings.id::text)
"""
CROWD = """
SELECT user_id, sessions.id AS session_id FROM sessions JOIN users ON users.id = user_id
WHERE username LIKE 'crowd%'
"""
RIVALS_OFFER = """
INSERT INTO offers (cleaning_id, id, cleaner_id, price, currency, status, terms_revision,
    created_at, updated_at, version)
SELECT $1, uuidv7(), id, 45, 'EUR', 'pending', 1, now(), now(), 1
FROM users WHERE username LIKE 'crowd%' LIMIT $2 RETURNING id
"""
DEADLOCKS = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
EVENTS = "SELECT count(*) FROM events WHERE cleaning_id = $1"


@dataclass(frozen=True)
class Job:
    """An open job and its owner."""

    id: UUID
    owner: Bearer

    @property
    def offers(self) -> str:
        """The path of its offers."""
        return f"{API}/cleanings/{self.id}/offers"


@dataclass(frozen=True)
class Scene:
    """A market with many users without offers.

    Args:
        url: The URL of its database.
        crowd: The users without offers.
        popular: Jobs for the offers of all of them, each used once.
        others: Jobs for one offer each.
    """

    url: str
    crowd: Sequence[Bearer]
    popular: Iterator[Job]
    others: Iterator[Job]

    def at_one_job(self) -> list[Request]:
        """Offers of all users for the same job."""
        job = next(self.popular)
        return [_offer(job, cleaner) for cleaner in self.crowd]

    def at_many_jobs(self) -> list[Request]:
        """Offers of all users for different jobs."""
        return [_offer(job, cleaner) for cleaner, job in zip(self.crowd, self.others, strict=False)]


def contention(server: Server, market: Market, rounds: int, seconds: int) -> Contention:
    """Measures the contention.

    Args:
        server: The database server.
        market: The market of the jobs; there must be no connection to it.
        rounds: The number of rounds.
        seconds: The duration of each run.
    """
    with _crowded(server, market, max(RIVALS + 1, FASTEST * seconds)) as scene:
        with running(OURS, scene.url, server.cores.service) as service:

            def offer(requests: Sequence[Request], wait: float = 0) -> Load:
                load = drive(
                    service.address, requests, seconds, once=True, wait=wait, connections=CLIENTS
                )
                settle(service)
                return load

            offer(scene.at_many_jobs())  # prepares all statements
            pairs = [
                (offer(scene.at_one_job()).rate, offer(scene.at_many_jobs()).rate)
                for _ in range(rounds)
            ]
            paced = offer(scene.at_one_job(), wait=1000 * CLIENTS / PACE)
            with steps_logged(server) as steps:
                logged = offer(scene.at_one_job())
            acceptances = [_accept(server, service, scene) for _ in range(rounds)]
        deadlocks = asyncio.run(_value(scene.url, DEADLOCKS))
    locks = list(job_locks(steps))
    return Contention(
        one_job=median(one for one, _ in pairs),
        many_jobs=median(many for _, many in pairs),
        locked=mean(locks),
        locked_share=min(1, sum(locks) / logged.seconds),  # some locks outlast the run
        paced_rate=paced.rate,
        paced_p99=paced.p99,
        deadlocks=deadlocks,
        acceptance=sorted(acceptances, key=lambda it: it.in_database)[rounds // 2],
    )


@contextmanager
def _crowded(server: Server, market: Market, size: int) -> Iterator[Scene]:
    """A copy of a market, with additional users recognisable by their names."""
    url = server.database(NAME)
    with copied(server.url, market.name, NAME):
        yield asyncio.run(_scene(url, size))


async def _scene(url: str, size: int) -> Scene:
    come = Template((SQL / "crowd.sql").read_text()).substitute(size=size)
    async with connected(url) as connection:
        await connection.execute(come)
        await connection.execute("VACUUM ANALYZE users, profiles, sessions")
        crowd = [Bearer(*row) for row in await connection.fetch(CROWD)]
        jobs = [Job(id_, Bearer(*owner)) for id_, *owner in await connection.fetch(OPEN_JOBS)]
    return Scene(url, crowd, iter(jobs[:POPULAR]), cycle(jobs[POPULAR:]))


def _accept(server: Server, service: Service, scene: Scene) -> Acceptance:
    """Makes thousands of offers for a job, and accepts one of them."""
    job = next(scene.popular)
    offer_id = asyncio.run(_rivals_offer(scene, job))
    before = asyncio.run(_value(scene.url, EVENTS, job.id))
    accept = Request("POST", f"{job.offers}/{offer_id}/acceptance", _token(job.owner))
    with steps_logged(server) as steps, httpx.Client(base_url=service.address) as client:
        answer = send(client, accept).raise_for_status()
    return Acceptance(
        in_database=sum(step.duration for step in steps),
        in_all=answer.elapsed.total_seconds(),
        statements=sum(step.runs for step in steps),
        events=asyncio.run(_value(scene.url, EVENTS, job.id)) - before,
    )


async def _rivals_offer(scene: Scene, job: Job) -> UUID:
    async with connected(scene.url) as connection:
        offers = await connection.fetch(RIVALS_OFFER, job.id, RIVALS + 1)
        await connection.execute("VACUUM ANALYZE offers")  # as if they had been made over days
    first: UUID = offers[0]["id"]
    return first


async def _value(url: str, statement: str, *arguments: UUID) -> int:
    async with connected(url) as connection:
        value: int = await connection.fetchval(statement, *arguments)
    return value


def _offer(job: Job, cleaner: Bearer) -> Request:
    return Request("POST", job.offers, _token(cleaner), JSON, DRAFT)


@cache
def _token(bearer: Bearer) -> str:
    return AccessTokens(Keyring(SECRET), timedelta(days=1)).issue(bearer)


def main() -> None:
    """Measures, prints the results, and updates the page."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.contention", description=__doc__)
    parser.add_argument("--jobs", type=int, default=100_000, help="how large the market is")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=5, help="for each thing in each round")
    chosen = parser.parse_args()
    with running_server() as server:
        found = contention(server, load(server, chosen.jobs), chosen.rounds, chosen.seconds)
    print_table(Console(), popular(found))
    replace(PAGE, "contention", markdown(popular(found)))


if __name__ == "__main__":
    main()
