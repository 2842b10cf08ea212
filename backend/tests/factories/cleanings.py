"""Jobs."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from app.db.models.fields import now
from tests.factories.users import Actor, Market, make_user

TERMS: dict[str, Any] = {
    "name": "Windows",
    "description": "Twelve of them",
    "cleaning_type": "full_clean",
    "price": "80.00",
    "currency": "CHF",
    "starts_at": "2100-05-17T09:00:00+00:00",
    "duration": 90,
    "area": "Old Town",
    "address": "3 Mill Lane",
    "category": None,
}
"""All that can be said of a job."""


@dataclass(frozen=True)
class Job:
    """A posted job, as it was answered to its owner."""

    owner: Actor
    data: dict[str, Any]
    etag: str

    @property
    def path(self) -> str:
        return f"/cleanings/{self.data['id']}"


async def make_cleaning(market: Market, owner: Actor | None = None, **terms: Any) -> Job:
    """An open job."""
    owner = owner or await make_user(market)
    response = await owner.post("/cleanings", {"name": "Oven scrub", "price": "50.00", **terms})
    assert response.status_code == 201, response.text
    return Job(owner, response.json(), response.headers["ETag"])


async def date_back(market: Market, job: Job, **ago: float) -> None:
    """Has the start of a job, and that of its scheduled booking, be some time ago.

    Args:
        market: Where the job is.
        job: Which one.
        ago: How long ago, as `timedelta` takes it; an hour by default.
    """
    fetch = market.app.state.database.fetch
    starts_at = (now() - timedelta(**(ago or {"hours": 1}))).replace(microsecond=0)
    await fetch("UPDATE cleanings SET starts_at = $2 WHERE id = $1", (job.data["id"], starts_at))
    await fetch(
        "UPDATE bookings SET terms = terms || jsonb_build_object('starts_at', $2::text) "
        "WHERE cleaning_id = $1 AND status = 'scheduled'",
        (job.data["id"], starts_at.isoformat()),
    )


async def names(actor: Actor, **params: Any) -> list[str]:
    """The names of the jobs visible to a user, in order."""
    return [item["name"] for item in await actor.items("/cleanings", **params)]
