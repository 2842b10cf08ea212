"""The stream: all events, numbered in the order in which they were committed.

The ids of events are ordered by the time at which they were made, which is not the order of their
commits: a reader that goes on behind the last id it knows misses events. So each event also enters
the outbox, in its own transaction. The worker moves it from there into the stream, whose positions
have no gaps and never change.

The tables have no foreign keys to the events: each check would lock the row of an event, which
writes it again. Events are never deleted, and the doctor looks for rows without one.
"""

from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, UniqueConstraint
from sqlmodel import Field

from app.db.models.kinds import form, kind_type
from app.postgres.rows import Row

LARGEST_POSITION = 2**53 - 1  # of which JSON numbers are exact everywhere


class Pending(Row, table=True):
    """An event that is not in the stream yet."""

    __tablename__ = "outbox"

    event_id: UUID = Field(primary_key=True)


class Streamed(Row, table=True):
    """The position of an event in the stream. The table is append-only."""

    __tablename__ = "stream"
    __table_args__ = (
        CheckConstraint("position > 0", "position"),
        UniqueConstraint("event_id"),  # no event enters twice
    )

    position: int = Field(
        primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False}
    )
    event_id: UUID


STREAM = "stream"
"""The head with the last position of the stream."""

STANDING = "standing"
"""The head with the last position of an event that is older than the stream.

It is stored once all of these events are in the stream. They have no consequences.
"""


class Head(Row, table=True):
    """A position by name. Extending the stream takes the lock of the head `STREAM`."""

    __tablename__ = "heads"
    __table_args__ = (form("name"), CheckConstraint("position >= 0", "position"))

    name: str = Field(sa_type=kind_type(), primary_key=True)
    position: int = Field(sa_type=BigInteger)
