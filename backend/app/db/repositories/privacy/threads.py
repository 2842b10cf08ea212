"""Export of threads."""

from typing import Any

from app.db.models.order_shapes import Party
from app.db.models.privacy.threads import ThreadExport
from app.db.models.threads import Thread
from app.db.repositories.base import CALLER_ID, json_object
from app.db.repositories.privacy import Part, Privacy, Section
from app.postgres.statements import col, inline


def _part(role: Party, user_id: Any, read_mark: Any, unread: Any) -> Part:
    """The threads in which the caller has a role."""
    return Part(
        source=Thread,
        item=json_object(
            ThreadExport, Thread, role=inline(role), read_mark=col(read_mark), unread=col(unread)
        ),
        key=col(Thread.id),
        own=col(user_id) == CALLER_ID,
    )


PARTS = (
    _part(Party.CUSTOMER, Thread.owner_id, Thread.owner_read, Thread.owner_unread),
    _part(Party.CLEANER, Thread.cleaner_id, Thread.cleaner_read, Thread.cleaner_unread),
)

PRIVACY = Privacy(export=(Section("threads", ThreadExport, PARTS),))
