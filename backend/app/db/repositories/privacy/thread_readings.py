"""Export of readings of threads by staff, which are kept."""

from typing import Any

from app.db.models.privacy.thread_readings import ThreadReadingExport
from app.db.models.thread_readings import ThreadReading
from app.db.repositories.base import CALLER_ID, json_object
from app.db.repositories.privacy import Part, Privacy, Section
from app.postgres.statements import col


def _part(side: Any) -> Part:
    """The readings of threads in which the caller is a side."""
    return Part(
        source=ThreadReading,
        item=json_object(ThreadReadingExport, ThreadReading),
        key=col(ThreadReading.id),
        own=col(side) == CALLER_ID,
    )


PARTS = _part(ThreadReading.owner_id), _part(ThreadReading.cleaner_id)

PRIVACY = Privacy(export=(Section("thread_readings", ThreadReadingExport, PARTS),))
