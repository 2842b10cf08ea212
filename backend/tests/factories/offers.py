"""Offers."""

from dataclasses import dataclass
from typing import Any

from tests.factories.cleanings import Job, make_cleaning
from tests.factories.users import Actor, Market, make_user


@dataclass(frozen=True)
class MadeOffer:
    """An offer, as it was answered to its cleaner."""

    job: Job
    cleaner: Actor
    data: dict[str, Any]
    etag: str

    @property
    def owner(self) -> Actor:
        return self.job.owner

    @property
    def path(self) -> str:
        return f"{self.job.path}/offers/{self.data['id']}"


async def make_offer(
    market: Market, job: Job | None = None, cleaner: Actor | None = None, **draft: Any
) -> MadeOffer:
    """A pending offer."""
    job = job or await make_cleaning(market)
    cleaner = cleaner or await make_user(market)
    response = await cleaner.post(f"{job.path}/offers", draft)
    assert response.status_code == 201, response.text
    return MadeOffer(job, cleaner, response.json(), response.headers["ETag"])
