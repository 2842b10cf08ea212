"""``make demo``: fills a running service with a sample market, through its HTTP API.

The users speak the language of the market, and in a fifth of the jobs a second one.
The same seed gives the same users and jobs: each user and each job has its own random numbers,
independent of the order of the responses.
"""

import argparse
import asyncio
import sys
import time
from collections.abc import Callable, Coroutine, Iterable, Sequence
from datetime import timedelta
from random import Random
from typing import Any, NamedTuple

import httpx
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from dev.demo_jobs import FATES, Fate, Story
from dev.demo_orders import FATES as ORDERS
from dev.demo_orders import order_packages
from dev.demo_packages import sell
from dev.demo_people import PASSWORD, DemoError, Person, demand_success, send, username
from dev.demo_texts import Texts, texts_in

AT_ONCE = 8  # concurrent users or jobs
SOON = timedelta(seconds=15)
FEWEST_USERS = 6
MOST_USERS = 1_500
"""The largest number of users. Each has another name; the texts of each language have so many."""
LARGEST_SEED = 999_999
MOST_JOBS = 1_000_000
Progressed = Callable[[], object]


class Planted(NamedTuple):
    """The created objects."""

    customer: Person
    cleaner: Person


async def texts_of(client: httpx.AsyncClient) -> Texts:
    """The texts in the language of the market: that of a page for visitors who have chosen none."""
    response = await client.get("/")
    return texts_in(response.headers["Content-Language"])


async def people_of(client: httpx.AsyncClient, users: int, seed: int) -> list[Person]:
    """Generates users, who know the language of the market and the categories of the service."""
    texts = await texts_of(client)
    names = Random(seed).sample(texts.names(), users)  # noqa: S311 (a game, not a secret)
    tree = demand_success(await send(client, "GET", "/categories"))
    categories = frozenset(it["slug"] for it in tree["items"] if it["active"])
    return [
        Person(
            client,
            name.full,
            username(name.latin, seed),
            Random(f"{seed} {name.latin}"),  # noqa: S311
            texts,
            categories=categories,
        )
        for name in names
    ]


def fates_of(jobs: int, random: Random) -> list[str]:
    """Chooses the course of each job; with enough jobs, every course occurs."""
    weights = [fate.weight for fate in FATES.values()]
    others = random.choices(list(FATES), weights, k=max(0, jobs - len(FATES)))
    return [*list(FATES)[:jobs], *others]


async def plant(
    client: httpx.AsyncClient,
    users: int,
    jobs: int,
    seed: int,
    registered: Progressed = lambda: None,
    lived: Progressed = lambda: None,
    soon: timedelta = SOON,
) -> Planted:
    """Registers users and runs the life cycles of their jobs.

    The service accepts no start in the past. So jobs that must have started get a start soon after
    their posting, the others are posted meanwhile, and the rest of the time is waited for once.

    Args:
        client: The HTTP client.
        users: The number of users.
        jobs: The number of jobs.
        seed: Of the random numbers.
        registered: Called once per user.
        lived: Called once per job.
        soon: Time from the posting to the start of a job that must start, for its booking.

    Raises:
        DemoError: The market was planted before, or the service refuses something.
    """
    people = await people_of(client, users, seed)
    customers, cleaners = people[: users // 2], people[users * 2 // 5 :]
    places = asyncio.Semaphore(AT_ONCE)

    async def register(person: Person) -> None:
        async with places:
            await person.register(cleans=person in cleaners)
            if person in cleaners:
                random = Random(f"{seed} packages {person.username}")  # noqa: S311
                await sell(person, cleaners.index(person), random)
            registered()

    def story_of(number: int) -> Story:
        random = Random(f"{seed} job {number}")  # noqa: S311
        owner = random.choice(customers)
        return Story(owner, [cleaner for cleaner in cleaners if cleaner is not owner], random)

    async def begin(story: Story, fate: Fate) -> None:
        async with places:
            await story.post(soon if fate.after else timedelta(days=story.random.randint(1, 30)))
            for step in fate.before:
                await step(story)
            if not fate.after:
                lived()

    async def end(story: Story, fate: Fate) -> None:
        async with places:
            for step in fate.after:
                await step(story)
            lived()

    await register(people[0])  # fails if this seed was used before
    await together(register(person) for person in people[1:])
    number = max(users // 3, len(ORDERS))
    await order_packages(customers, cleaners, number, Random(f"{seed} orders"))  # noqa: S311
    fates = fates_of(jobs, Random(f"{seed} fates"))  # noqa: S311
    stories = [(story_of(number), FATES[fate]) for number, fate in enumerate(fates)]
    begun = [(story, fate) for story, fate in stories if fate.after]
    await together(begin(story, fate) for story, fate in begun)
    started = time.monotonic() + soon.total_seconds()
    await together(begin(story, fate) for story, fate in stories if not fate.after)
    await asyncio.sleep(max(0, started - time.monotonic()))
    await together(end(story, fate) for story, fate in begun)
    return Planted(
        max(people[: users * 2 // 5], key=lambda person: person.jobs),
        max(people[users // 2 :], key=lambda person: person.offers),
    )


async def together(coroutines: Iterable[Coroutine[Any, Any, None]]) -> None:
    """Runs coroutines concurrently, until all have ended or one has failed."""
    tasks = [asyncio.ensure_future(coroutine) for coroutine in coroutines]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()


async def demand_ready(client: httpx.AsyncClient) -> None:
    """Verifies that the service is ready.

    Raises:
        DemoError: It is not.
    """
    try:
        response = await client.get("/readyz")
    except httpx.TransportError as error:
        raise DemoError(
            f"Nothing answers at {client.base_url} ({type(error).__name__}). "
            "Start the service first (make run), or say where it is with --url."
        ) from error
    if not response.is_success:
        raise DemoError(f"{client.base_url} answers, but is not ready: {response.text}")


async def run(url: str, users: int, jobs: int, seed: int, console: Console) -> None:
    """Creates a market with a progress display, and prints the logins."""
    begun = time.monotonic()
    columns = (TextColumn("{task.description:7}"), BarColumn(), MofNCompleteColumn())
    async with httpx.AsyncClient(base_url=url, timeout=60) as client:
        await demand_ready(client)
        with Progress(*columns, TimeElapsedColumn(), console=console) as progress:
            people = progress.add_task("People", total=users)
            work = progress.add_task("Jobs", total=jobs)
            planted = await plant(
                client,
                users,
                jobs,
                seed,
                lambda: progress.advance(people),
                lambda: progress.advance(work),
            )
    console.print(
        f"\n{users} people and {jobs} jobs in {time.monotonic() - begun:.0f} s. "
        f"Log in as anyone with the password [bold]{PASSWORD}[/], for example as\n\n"
        f"  a customer  [bold]{planted.customer.username}[/]  ({planted.customer.jobs} jobs)\n"
        f"  a cleaner   [bold]{planted.cleaner.username}[/]  ({planted.cleaner.offers} offers, "
        f"{planted.cleaner.packages} packages)\n\n"
        f"at {url}/login, or with the button Authorize of {url}/docs\n",
        highlight=False,
        soft_wrap=True,
    )


def at_least(smallest: int, largest: int) -> Callable[[str], int]:
    """A number on the command line."""

    def number(given: str) -> int:
        value = int(given)
        if not smallest <= value <= largest:
            raise argparse.ArgumentTypeError(f"from {smallest} to {largest}")
        return value

    return number


def main(arguments: Sequence[str] | None = None) -> None:
    """Creates a market by the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m dev.demo",
        description="Fills a running service with a believable market, through its own HTTP API.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    parser.add_argument("--url", default="http://127.0.0.1:8000", help="where the service is")
    users, jobs = at_least(FEWEST_USERS, MOST_USERS), at_least(1, MOST_JOBS)
    parser.add_argument("--users", type=users, default=60, help="how many people")
    parser.add_argument("--jobs", type=jobs, default=200, help="how many jobs")
    seeds = at_least(0, LARGEST_SEED)
    parser.add_argument("--seed", type=seeds, default=1, help="which market, a number")
    given = parser.parse_args(arguments)
    try:
        url = given.url.rstrip("/")
        asyncio.run(run(url, given.users, given.jobs, given.seed, Console()))
    except (DemoError, httpx.HTTPError, httpx.InvalidURL) as error:
        sys.exit(str(error) or repr(error))
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
