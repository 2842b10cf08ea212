"""Blocks: people with whom a user has no more dealings.

A block is another thing than the block of an account by staff.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, SQLModel

from app.core.errors import Conflict, NotFound
from app.db.models.fields import Moment, moment_field, now
from app.db.models.profiles import ProfilePublic
from app.postgres.rows import Row

MOST_PER_ACCOUNT = 1_000
MOST_UNFOUND = 1_000
"""The number of people who have blocked a user from which on the user finds the others in lists."""


class NotPossible(Conflict):
    """Something new between two people of whom one has blocked the other.

    Both are answered the same, so that it does not tell which of them it was.
    """

    code = "not_possible"
    detail = "This is not possible between you and this person."


class BlockNotFound(NotFound):
    code = "block_not_found"
    detail = "You have not blocked this person."


class BlockOfSelf(Conflict):
    code = "block_of_self"
    detail = "You can't block yourself."


class TooManyBlocks(Conflict):
    code = "too_many_blocks"
    detail = f"You have blocked {MOST_PER_ACCOUNT:,} people. Unblock one of them first."


class Block(Row, table=True):
    """A block of one person by another, which holds in both directions."""

    __tablename__ = "blocks"
    __table_args__ = (
        CheckConstraint("blocker_id <> blocked_id", name="sides"),
        Index("ix_blocks_blocker_id", "blocker_id", "created_at", "blocked_id"),  # a user's list
        Index("ix_blocks_blocked_id", "blocked_id", "blocker_id"),  # the other direction
    )

    blocker_id: UUID = Field(primary_key=True, foreign_key="users.id")
    blocked_id: UUID = Field(primary_key=True, foreign_key="users.id")
    created_at: datetime = moment_field(default_factory=now)


class BlockPublic(SQLModel):
    """A block, as the person sees it who has made it."""

    person: ProfilePublic
    created_at: Moment
