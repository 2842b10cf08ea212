"""The jobs of the demo market, and their life cycles."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, NamedTuple

from dev.demo_people import Person, happens
from dev.demo_pictures import room_for
from dev.demo_texts import Pair, second_language, texts_in

PRICES = {"dust_up": (20, 60), "spot_clean": (30, 90), "full_clean": (80, 260)}


class Story:
    """The life cycle of a job.

    Args:
        owner: The owner.
        cleaners: The possible cleaners, at least three.
        random: The source of all choices.
    """

    def __init__(self, owner: Person, cleaners: list[Person], random: Random) -> None:
        self.owner, self.random = owner, random
        self.rivals = random.sample(cleaners, min(random.randint(3, 6), len(cleaners)))
        self.path = ""
        self.price = 0
        self.offers: dict[str, Person] = {}
        self.booking = ""
        self.cleaner = owner
        self.texts = owner.texts

    async def post(self, starts_in: timedelta) -> None:
        """The owner posts the job.

        Args:
            starts_in: The time until its start. If that is a day or more, the hour is random.
        """
        kind = self.random.choice(list(PRICES))
        if happens(self.random, 0.2):
            self.texts = texts_in(second_language(self.texts.language))
        task, description, category = self._task(kind)
        self.price = self.random.randrange(*PRICES[kind], 5)
        terms: dict[str, Any] = {
            "name": task,
            "description": description,
            "language": self.texts.language,
            "cleaning_type": kind,
            "price": self.price,
            "area": self.random.choice(self.owner.texts.areas),
            "address": self.owner.texts.address_of(self.random),
            "duration": self.price * 2 // 30 * 30 or 30,
            "category": self.owner.category(category),
        }
        if terms["category"]:
            terms["extras"] = await self._extras(category, description)
        starts_at = datetime.now(UTC) + starts_in
        if starts_in.days:
            starts_at = starts_at.replace(
                hour=self.random.randint(8, 18), minute=0, second=0, microsecond=0
            )
        terms["starts_at"] = starts_at.isoformat()
        job = await self.owner("POST", "/cleanings", terms)
        self.owner.jobs += 1
        self.path = f"/cleanings/{job['id']}"
        if happens(self.random, 0.4):
            number = self.random.randint(1, 2)
            rooms = [room_for(category, self.random) for _ in range(number)]
            await self.owner.set_photos(self.path, rooms)

    async def ask(self) -> None:
        """Cleaners ask questions. The owner answers all but the last, the first asker goes on."""
        chosen = self.random.sample(self.texts.questions, 3)
        asked: list[tuple[Person, str, str]] = []
        for asker, (text, answer) in zip(self.rivals, chosen, strict=False):
            question = await asker("POST", f"{self.path}/questions", {"text": text})
            asked.append((asker, f"{self.path}/questions/{question['id']}", answer))
        for _, path, answer in asked[:-1]:
            await self.owner("POST", f"{path}/answers", {"text": answer})
        asker, path, _ = asked[0]
        thanks = self.random.choice(self.texts.thanks)
        await asker("POST", f"{path}/answers", {"text": thanks})
        asker, path, _ = asked[1]
        await asker("PATCH", path, {"text": f"{chosen[1][0]} {self.texts.afterthought}"})

    async def _extras(self, category: str, description: str) -> list[str]:
        """The slugs of some extras of a category, which depend on the description of the job."""
        detail = await self.owner("GET", f"/categories/{category}")
        slugs = [extra["slug"] for extra in detail["extras"]]
        random = Random(description)  # noqa: S311 (a game, not a secret)
        return random.sample(slugs, min(len(slugs), random.randint(0, 2)))

    def _task(self, kind: str) -> tuple[str, str, str]:
        """A random name and description of a job, in its language, with its category."""
        task, description, category = self.random.choice(self.texts.tasks[kind])
        details = self.random.sample(self.texts.details, self.random.randint(0, 2))
        name = task + self.random.choice(self.texts.occasions)
        return name, " ".join([description, *details]), category

    async def offer(self) -> None:
        """Cleaners make offers at different prices."""
        for cleaner in self.rivals:
            draft = {
                "price": round(self.price * self.random.uniform(0.85, 1.2)),
                "message": self.random.choice(self.texts.offer_messages) or None,
            }
            offer = await cleaner("POST", f"{self.path}/offers", draft)
            cleaner.offers += 1
            self.offers[f"{self.path}/offers/{offer['id']}"] = cleaner

    async def waver(self) -> None:
        """One cleaner lowers the price, one is rejected, one withdraws."""
        (first, cleaner), (second, _), *_, (last, fickle) = self.offers.items()
        await cleaner("PATCH", first, {"price": round(self.price * 0.8)})
        await self.owner("POST", f"{second}/rejection")
        await fickle("POST", f"{last}/withdrawal")

    async def edit(self) -> None:
        """The owner edits the job, which makes the offers outdated."""
        self.price += 5
        text = (await self.owner("GET", self.path))["description"]
        thought = self.random.choice([it for it in self.texts.second_thoughts if it not in text])
        changes = {"price": self.price, "description": f"{text} {thought}"}
        await self.owner("PATCH", self.path, changes)

    async def renew(self) -> None:
        """All cleaners but the last one renew their offers."""
        for path, cleaner in list(self.offers.items())[:-1]:
            await cleaner(
                "POST",
                f"{path}/renewal",
                {"message": self.random.choice(self.texts.renewal_messages)},
            )

    async def accept(self) -> None:
        """The owner accepts one of the offers, but not the last one."""
        path, self.cleaner = self.random.choice(list(self.offers.items())[:-1])
        booking = await self.owner("POST", f"{path}/acceptance")
        self.booking = f"{self.path}/bookings/{booking['id']}"

    async def talk(self) -> None:
        """The cleaner writes to the owner, who answers."""
        cleaner = self.cleaner if self.booking else next(iter(self.offers.values()))
        account = await cleaner("GET", "/users/me")
        path = f"{self.path}/threads/{account['id']}/messages"
        for text, answer in self.random.sample(self.texts.messages, 2):
            await cleaner("POST", path, {"text": text})
            await self.owner("POST", path, {"text": answer})
        await cleaner("POST", path, {"text": self.random.choice(self.texts.last_messages)})

    async def report(self) -> None:
        """The cleaner ticks the checklist off, and reports the work done."""
        booking = await self.cleaner("GET", self.booking)
        for item in booking["checklist"]:
            path = f"{self.booking}/checklist/{item['number']}"
            await self.cleaner("PUT", path, {"done": True})
        await self.cleaner("POST", f"{self.booking}/completion-report")

    async def complete(self) -> None:
        """The owner completes the booking, and both sides evaluate each other."""
        await self.owner("POST", f"{self.booking}/completion")
        if happens(self.random, 0.9):
            stars = [self.stars(self.cleaner.care) for _ in range(4)]
            texts = self.texts
            by_stars = {1: texts.blame, 2: texts.blame, 3: texts.fair}
            await self.evaluate(self.owner, by_stars.get(stars[0], texts.praise), stars)
        if happens(self.random, 0.6):
            stars = [max(2, self.stars(self.owner.care))]
            await self.evaluate(self.cleaner, self.texts.of_owners[str(stars[0])], stars)

    async def miss(self) -> None:
        """The owner marks a no-show."""
        await self.owner("POST", f"{self.booking}/no-show")
        await self.evaluate(self.owner, self.texts.missed, [1])

    async def complain(self) -> None:
        """The cleaner who was not chosen reports the job to staff."""
        other = next(cleaner for cleaner in self.offers.values() if cleaner is not self.cleaner)
        draft = {
            "path": self.path,
            "kind": "other",
            "words": self.random.choice(self.texts.complaints),
        }
        await other("POST", "/reports", draft)

    async def give_notice(self) -> None:
        """A person without an account gives notice of the job."""
        notice = {
            "location": self.path,
            "kind": "illegal",
            "words": self.random.choice(self.texts.notices),
            "full_name": self.texts.notifier,
            "email": f"nora{self.random.randrange(1_000_000)}@example.com",
            "good_faith": True,
        }
        await self.owner("POST", "/notices", notice)

    async def call_off(self) -> None:
        """The cleaner cancels the booking."""
        reason = {"reason": self.random.choice(self.texts.called_off)}
        await self.cleaner("POST", f"{self.booking}/cancellation", reason)

    async def turn_away(self) -> None:
        """The owner cancels the booking, but not the job."""
        await self.owner("POST", f"{self.booking}/cancellation")

    async def cancel(self) -> None:
        """The owner cancels the job."""
        reason = {"reason": self.random.choice(self.texts.cancelled) or None}
        await self.owner("POST", f"{self.path}/cancellation", reason)

    async def delete(self) -> None:
        """The owner deletes the job."""
        await self.owner("DELETE", self.path)

    async def evaluate(self, author: Person, texts: Sequence[Pair], stars: list[int]) -> None:
        """One side evaluates the other."""
        headline, comment = self.random.choice(texts)
        names = ("overall_rating", "professionalism", "completeness", "efficiency")
        ratings = dict(zip(names, stars, strict=False))
        draft = {**ratings, "headline": headline, "comment": comment or None}
        await author("POST", f"{self.booking}/evaluation", draft)

    def stars(self, care: float) -> int:
        """A random rating by the quality of a user."""
        return max(1, min(5, round(5 * care + self.random.gauss(0.3, 0.6))))


Step = Callable[[Story], Awaitable[None]]


class Fate(NamedTuple):
    """A course of a job.

    Args:
        weight: Its relative frequency.
        before: The steps before the start.
        after: The steps after the start. Without any, the job starts in some days.
    """

    weight: int
    before: tuple[Step, ...] = ()
    after: tuple[Step, ...] = ()


BOOKED = (Story.offer, Story.accept)
FATES: dict[str, Fate] = {
    "new": Fate(2),
    "asked about": Fate(2, (Story.ask,)),
    "offered on": Fate(5, (Story.ask, Story.offer, Story.talk, Story.waver)),
    "edited": Fate(2, (Story.edit, Story.offer, Story.edit, Story.renew)),
    "booked": Fate(4, (*BOOKED, Story.talk)),
    "reported to staff": Fate(1, (Story.offer, Story.complain, Story.give_notice)),
    "reported": Fate(1, BOOKED, (Story.report,)),
    "completed": Fate(10, BOOKED, (Story.report, Story.complete)),
    "missed": Fate(1, BOOKED, (Story.miss,)),
    "called off": Fate(1, (*BOOKED, Story.call_off)),
    "turned away": Fate(1, (*BOOKED, Story.turn_away)),
    "booked again": Fate(2, (*BOOKED, Story.call_off, Story.renew, Story.accept)),
    "cancelled": Fate(2, (Story.offer, Story.cancel)),
    "cancelled while booked": Fate(1, (*BOOKED, Story.cancel)),
    "deleted": Fate(1, (Story.offer, Story.delete)),
}
"""By name."""
