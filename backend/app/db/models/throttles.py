"""Throttles: how often something was tried lately."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field

from app.db.models.fields import moment_field
from app.postgres.rows import Row


class Throttle(Row, table=True):
    """The tries of one kind within the present window of time.

    A server that crashes may forget them all: the table is not written to the log.
    """

    __tablename__ = "throttles"
    __table_args__ = (
        Index("ix_throttles_resets_at", "resets_at"),  # to clear away those that have passed
        {"prefixes": ["UNLOGGED"]},
    )

    key: bytes = Field(primary_key=True)
    count: int
    resets_at: datetime = moment_field()
