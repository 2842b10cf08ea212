"""Readings of threads by staff."""

from dataclasses import dataclass
from typing import Any

from tests.factories.messages import Message
from tests.factories.reports import MadeReport
from tests.factories.users import Actor

REASON = "The message asks for a payment outside the market."


@dataclass(frozen=True)
class ThreadReading:
    """A reading, as the member of staff sees it."""

    staff: Actor
    data: dict[str, Any]

    @property
    def path(self) -> str:
        return f"/admin/thread-readings/{self.data['id']}"


def draft_of(message: Message) -> dict[str, Any]:
    """A new reading of the thread of a message."""
    key = {"cleaning_id": message.offer.job.data["id"], "cleaner_id": str(message.offer.cleaner.id)}
    return key | {"reason": REASON}


async def read_thread(staff: Actor, message: Message) -> ThreadReading:
    """A reading of the thread of a message, for a reason."""
    response = await staff.post("/admin/thread-readings", draft_of(message))
    assert response.status_code == 201, response.text
    return ThreadReading(staff, response.json())


async def read_for(staff: Actor, report: MadeReport) -> ThreadReading:
    """A reading because of a report."""
    response = await staff.post(f"{report.for_staff}/thread-reading")
    assert response.status_code == 201, response.text
    return ThreadReading(staff, response.json())
