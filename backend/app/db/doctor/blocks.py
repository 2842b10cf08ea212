"""Checks of blocks."""

from sqlalchemy import func, select

from app.db.doctor.check import Check
from app.db.models.blocks import MOST_PER_ACCOUNT, Block
from app.postgres.statements import col

CHECKS = (
    Check(
        "blocks_counted",
        f"An account has blocked at most {MOST_PER_ACCOUNT:,} people.",
        select(col(Block.blocker_id))
        .group_by(col(Block.blocker_id))
        .having(func.count() > MOST_PER_ACCOUNT),
    ),
)
