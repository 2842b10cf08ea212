"""The times of ids, which are UUIDv7 (RFC 9562): they begin with the milliseconds since 1970."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

BEGIN = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECOND = timedelta(milliseconds=1)


def first_id(moment: datetime) -> UUID:
    """The smallest id that can be made within the millisecond of a moment."""
    return UUID(int=max((moment - BEGIN) // MILLISECOND, 0) << 80)


def time_of(made: UUID) -> datetime:
    """The millisecond in which an id was made."""
    return BEGIN + (made.int >> 80) * MILLISECOND
