"""People in front of a browser, each in a window of their own."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

import asyncpg
from playwright.async_api import Browser, BrowserContext, Page

from app.core.config import Settings
from app.core.security.keys import Keyring
from app.services.notification_preferences import unsubscribe_token
from tests.browser.package_dealings import deal
from tests.server import dsn

WIDE, NARROW = (1280, 900), (390, 844)
Scheme = Literal["light", "dark"]

SETTLED = "() => Promise.allSettled(document.getAnimations().map((it) => it.finished))"
"""Waits for the end of all transitions."""

PLACES = """
SELECT
    c.id AS cleaning_id, o.id AS offer_id, c.owner_id, o.cleaner_id,
    a.question_id, a.id AS answer_id
FROM cleanings c JOIN offers o ON o.cleaning_id = c.id
JOIN cleaning_posts a ON a.cleaning_id = c.id AND a.question_id IS NOT NULL
WHERE c.status = 'open' AND o.status = 'pending' ORDER BY c.id, o.id, a.id LIMIT 1
"""
BOOKING = """
SELECT cleaning_id, id AS booking_id FROM bookings
ORDER BY $1 IN (owner_id, cleaner_id) DESC, id LIMIT 1
"""
COMING = """
SELECT b.cleaning_id, b.id AS booking_id, u.username
FROM bookings b JOIN users u ON u.id = b.owner_id WHERE b.status = 'scheduled' ORDER BY b.id LIMIT 1
"""
WEBHOOK = """
WITH endpoint AS (
    INSERT INTO webhook_endpoints (id, user_id, url, events, market_wide, secret, position,
        attempts, slow, version, created_at, updated_at)
    VALUES (gen_random_uuid(), $1, 'https://hooks.example/cleanings',
        ARRAY['booking.cancelled', 'booking.missed'], false, '', 0, 0, false, 1, now(), now())
    RETURNING id
)
INSERT INTO webhook_deliveries (endpoint_id, position, event_id, created_at, attempts, attempted_at,
    status)
SELECT endpoint.id, 1, events.id, now(), 2, now(), 500
FROM endpoint, (SELECT id FROM events WHERE subject = 'offer' LIMIT 1) events
RETURNING endpoint_id
"""
SEARCH = """
INSERT INTO saved_searches (id, user_id, name, area, area_key, category, min_price, currency,
    queries, version, created_at, updated_at)
VALUES (gen_random_uuid(), $1, 'Near me', 'Mitte', 'mitte', 'window-cleaning', 20, 'EUR', '{}', 1,
    now(), now())
RETURNING id
"""
MESSAGES = """
UPDATE messages SET text = 'Is there a lift? 0171 2345678', contacts = '{phone_number}'
WHERE cleaning_id = $1 AND cleaner_id = $2
"""
REPORTS = """
INSERT INTO reports (id, reporter_id, subject, path, author_id, kind, words, content, status,
    decisions, decided_at, version, created_at, updated_at)
VALUES (gen_random_uuid(), $1, 'cleaning', '/cleanings/' || $3, $2, 'fraud', 'Asks for money.',
        '{"name": "Windows", "price": "45.00"}', 'waiting', 0, NULL, 1, now(), now()),
    (gen_random_uuid(), $1, 'profile', '/profiles/' || $2::text, $2, 'spam', 'Advertising.',
        '{"bio": "Buy soap."}', 'decided', 1, now(), 1, now(), now())
RETURNING id
"""
DECISION = """
INSERT INTO decisions (id, report_id, number, staff_id, author_id, measure, rule, facts, made_at)
SELECT gen_random_uuid(), id, 1, $1, author_id, 'warn', 'spam', 'It offers soap.', now()
FROM reports WHERE status = 'decided'
RETURNING id
"""


READING = """
INSERT INTO thread_readings (id, staff_id, cleaning_id, owner_id, cleaner_id, reason, created_at)
SELECT gen_random_uuid(), $1, cleaning_id, owner_id, cleaner_id, 'It asks for money.', now()
FROM threads WHERE cleaning_id = $2 AND cleaner_id = $3
RETURNING id
"""


@dataclass(frozen=True)
class Demo:
    """A running service with a market.

    Args:
        address: Its address.
        password: The password of all its people.
        places: Ids in the market, by the names of the parameters of paths.
        booking: The ids of a booking and its job, one of the customer's if there is any.
        package: The ids of a package of the cleaner, and of what the customer asks and orders.
        coming: The ids of a booking that is to come and its job.
        usernames: The names of people, by their roles: customer, cleaner, staff, and host, who is
            the customer of the coming booking.
        database: Where its database is.
    """

    address: str
    password: str
    places: dict[str, str]
    booking: dict[str, str]
    package: dict[str, str]
    coming: dict[str, str]
    usernames: dict[str, str]
    database: str

    def ids(self, path: str) -> dict[str, str]:
        """What stands in a path, by the names of its parameters."""
        things = {"bookings": self.booking, "orders": self.package, "packages": self.package}
        return self.places | things.get(path.removeprefix("/staff").strip("/").split("/")[0], {})

    async def settle(self) -> None:
        """Waits until people are told of all that has happened."""
        connection = await asyncpg.connect(self.database)
        while await connection.fetchval("SELECT EXISTS (SELECT FROM outbox)"):  # noqa: ASYNC110
            await asyncio.sleep(0.1)
        await connection.close()

    @classmethod
    async def of(cls, settings: Settings, address: str, password: str) -> "Demo":
        """A market that `make demo` has filled; one of its people becomes a superuser."""
        connection = await asyncpg.connect(dsn(settings.sqlalchemy_url))
        places = dict(await connection.fetchrow(PLACES))
        booking = dict(await connection.fetchrow(BOOKING, places["owner_id"]))
        coming = dict(await connection.fetchrow(COMING))
        names = {
            row["id"]: row["username"]
            for row in await connection.fetch("SELECT id, username FROM users ORDER BY id")
        }
        customer, cleaner = places.pop("owner_id"), places["cleaner_id"]
        staff = next(it for it in names if it not in (customer, cleaner))
        await connection.execute("UPDATE users SET role = 'superuser' WHERE id = $1", staff)
        webhook = await connection.fetchval(WEBHOOK, customer)
        search = await connection.fetchval(SEARCH, customer)
        await connection.execute(MESSAGES, places["cleaning_id"], cleaner)
        # The demo has reports of its own, some of them about the member of staff.
        report = await connection.fetchval(REPORTS, cleaner, customer, str(places["cleaning_id"]))
        decision = await connection.fetchval(DECISION, staff)
        reading = await connection.fetchval(READING, staff, places["cleaning_id"], cleaner)
        await connection.close()
        package = await deal(address, names[customer], names[cleaner])
        host = coming.pop("username")
        known: dict[str, Any] = {
            **places,
            "user_id": customer,
            "webhook_id": webhook,
            "search_id": search,
            "report_id": report,
            "reference": report,
            "decision_id": decision,
            "reading_id": reading,
            "username": names[cleaner],
            "slug": "window-cleaning",
            "extra": "frames",
            "item": "glass",
            "number": 1,
            # Whether to act on these is asked about without reading them.
            **dict.fromkeys(("evaluation_id", "task_id", "upload_id"), UUID(int=0)),
            "name": "nothing",
            "token": unsubscribe_token(Keyring(*settings.secret_keys), customer),
        }
        people = {"customer": customer, "cleaner": cleaner, "staff": staff}
        return cls(
            address,
            password,
            {name: str(value) for name, value in known.items()},
            {name: str(value) for name, value in booking.items()},
            package,
            {name: str(value) for name, value in coming.items()},
            {role: names[user_id] for role, user_id in people.items()} | {"host": host},
            dsn(settings.sqlalchemy_url),
        )


class Person:
    """A person, or a visitor, in a window.

    Args:
        demo: The market.
        page: The page of the window.
    """

    def __init__(self, demo: Demo, page: Page) -> None:
        self.demo, self.page = demo, page
        self.violations: list[str] = []
        """Violations of the content security policy, and errors of scripts."""
        page.on("pageerror", lambda error: self._catch(str(error)))
        page.on("console", lambda said: self._hear(said.text))

    def _catch(self, error: str) -> None:
        # Chromium reports each transition between pages that the next step of a test cuts short.
        if not error.startswith("Transition was "):
            self.violations.append(error)

    def _hear(self, text: str) -> None:
        if "Content Security Policy" in text or "Content-Security-Policy" in text:
            self.violations.append(text)

    @classmethod
    @asynccontextmanager
    async def in_window(
        cls, browser: Browser, demo: Demo, role: str | None = None, **options: Any
    ) -> AsyncIterator["Person"]:
        """A person who is logged in if they have a role; nothing on their pages goes wrong.

        Args:
            browser: The browser.
            demo: The market.
            role: customer, cleaner or staff; None for a visitor.
            options: Options of the window, as Playwright takes them.
        """
        width, height = options.pop("size", WIDE)
        context: BrowserContext = await browser.new_context(
            base_url=demo.address, viewport={"width": width, "height": height}, **options
        )
        person = cls(demo, await context.new_page())
        if role:
            await person.log_in(demo.usernames[role])
        yield person
        await context.close()
        assert person.violations == [], person.violations

    async def log_in(self, username: str) -> None:
        """Logs in by the page."""
        await self.page.goto("/login")
        await self.page.locator("#username").fill(username)
        await self.page.locator("#password").fill(self.demo.password)
        await self.page.locator("main button.primary").click()
        await self.page.wait_for_url("**/jobs")

    async def look(self, size: tuple[int, int], scheme: Scheme) -> None:
        """Changes the size of the window, and the colours that the person prefers."""
        width, height = size
        await self.page.set_viewport_size({"width": width, "height": height})
        await self.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        await self.page.evaluate(SETTLED)
