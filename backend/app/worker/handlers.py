"""What is done for which kind of background job.

To add a kind: name it in `JobKind`, extend the CHECK of ``jobs.kind`` in a migration, write a
handler, and register it in `HANDLERS`. Then `JobRepository.enqueue` leaves work of that kind in
the transaction of the change that it belongs to.

A handler looks up what it needs when the job is done, not when it was enqueued: an answer then
tells nothing of what there was to look up, and a payload need not hold what may be erased
meanwhile. It changes things through its transaction only, and sends nothing itself: the mails that
it returns are sent when the transaction is committed. It may be called again for the same job
after any failure, also when all of its mails but the last have been sent.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from app.core.config import Settings
from app.core.mail import Mail
from app.db.engine import Transaction
from app.db.models.jobs import JobKind


@dataclass(frozen=True, slots=True)
class Desk:
    """What a handler works with.

    Args:
        transaction: The unit of work; services and repositories are made for it.
        settings: What differs between installations.
    """

    transaction: Transaction
    settings: Settings


Payload: TypeAlias = dict[str, Any]
Handler: TypeAlias = Callable[[Desk, Payload], Awaitable[list[Mail]]]


async def send_mail(_: Desk, payload: Payload) -> list[Mail]:
    """Sends the mail that the payload holds: ``recipient``, ``subject`` and ``body``."""
    return [Mail(**payload)]


HANDLERS: Mapping[JobKind, Handler] = {JobKind.SEND_MAIL: send_mail}
