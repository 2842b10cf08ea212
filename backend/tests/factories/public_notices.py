"""Notices by persons without an account."""

from dataclasses import dataclass
from typing import Any

from httpx import Response

from tests.factories.cleanings import make_cleaning
from tests.factories.reports import MadeReport
from tests.factories.users import Actor, Market
from tests.staff import make_staff

NOTICE: dict[str, Any] = {
    "kind": "illegal",
    "words": "Offers work without the wages that the law demands.",
    "full_name": "Nora Notifier",
    "email": "nora@example.com",
    "good_faith": True,
}


@dataclass(frozen=True)
class MadeNotice(MadeReport):
    """A notice, as staff sees it; the `reporter` is a member of staff."""

    reference: str


async def give_notice(market: Market, location: str, **draft: Any) -> Response:
    """The response to a notice."""
    return await market.client.post("/notices", json={**NOTICE, "location": location, **draft})


async def make_notice(market: Market, author: Actor | None = None, **draft: Any) -> MadeNotice:
    """A notice about a job."""
    job = await make_cleaning(market, author)
    response = await give_notice(market, job.path, **draft)
    assert response.status_code == 201, response.text
    reference, staff = response.json()["reference"], await make_staff(market)
    (found,) = await staff.items("/admin/reports", reference=reference)
    return MadeNotice(staff, job.owner, found, reference)
