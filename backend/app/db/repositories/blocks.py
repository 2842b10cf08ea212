"""The queries of blocks, and the conditions that depend on them."""

from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Uuid,
    and_,
    case,
    delete,
    func,
    literal_column,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from app.core.errors import Unauthenticated
from app.core.security.tokens import Bearer
from app.db.models.blocks import (
    MOST_UNFOUND,
    Block,
    BlockNotFound,
    BlockPublic,
    NotPossible,
)
from app.db.models.profiles import ProfileNotFound
from app.db.models.users import User
from app.db.repositories.base import (
    CALLER_ID,
    LIVE_SESSION,
    USABLE_ACCOUNT,
    USER_ID,
    json_object,
)
from app.db.repositories.pages import Page, PageQuery, PageRequest, PageShape
from app.db.repositories.people import PERSON_ID, person
from app.db.repositories.person_views import Person
from app.postgres.statements import Rows, Source, Statement, argument, col, inline, unseen
from app.postgres.tables import RowCondition
from app.postgres.transactions import Transaction


def is_free_between(one: ColumnElement[Any], other: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether neither of two people has blocked the other."""

    def blocks(blocker_id: ColumnElement[Any], blocked_id: ColumnElement[Any]) -> Rows:
        block = aliased(Block)
        return (
            select(literal_column("1"))
            .where(col(block.blocker_id) == blocker_id, col(block.blocked_id) == blocked_id)
            .correlate_except(block)
        )

    # An EXISTS might be answered by reading all blocks.
    found = union_all(blocks(one, other), blocks(other, one)).limit(inline(1))
    return found.scalar_subquery().is_(None)


def finds(person_id: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether the caller finds what belongs to a person in lists: neither has blocked the other.

    The people concerned are read once per statement: most callers have none.
    """
    mine, theirs = aliased(Block), aliased(Block)
    others = union_all(
        select(col(mine.blocked_id)).where(col(mine.blocker_id) == CALLER_ID),
        select(col(theirs.blocker_id))
        .where(col(theirs.blocked_id) == CALLER_ID)
        .limit(inline(MOST_UNFOUND)),
    )
    # In these terms, the planner knows that this holds of nearly all.
    is_other = case((person_id.not_in(others), inline(1)))
    return unseen(is_other.is_not(None))


def _locking_sides() -> Statement:
    """Locks the accounts of the caller, if the session is live, and of a named person, by id.

    The lock waits for what either of them is about to do with the other, and keeps it waiting.
    """
    concerned = union_all(
        select(col(User.id)).where(*LIVE_SESSION).correlate(None), select(PERSON_ID)
    )
    is_there = and_(col(User.deleted_at).is_(None), col(User.pending_until).is_(None))
    is_caller = col(User.id) == CALLER_ID
    return Statement(
        select(col(User.id), (col(User.id) == PERSON_ID).label("is_named"))
        .where(
            col(User.id).in_(concerned),
            # They may change while the statement waits for the lock.
            or_(and_(is_caller, *USABLE_ACCOUNT), and_(~is_caller, is_there)),
        )
        .order_by(col(User.id))
        .with_for_update(key_share=True)
    )


class Counted(NamedTuple):
    """The blocks of a user.

    Args:
        total: Their number.
        has_one: Whether one is of a certain person.
    """

    total: int
    has_one: bool


class BlockRepository:
    """The blocks, in a unit of work."""

    _locking_sides = _locking_sides()
    _counting = Statement(
        select(
            func.count(),
            func.coalesce(
                func.bool_or(col(Block.blocked_id) == argument("blocked_id", Uuid())),
                literal_column("false"),
            ),
        ).where(col(Block.blocker_id) == USER_ID)
    )
    _deleting = Statement(
        delete(Block)
        .where(col(Block.blocker_id) == USER_ID, col(Block.blocked_id) == PERSON_ID)
        .returning(col(Block.blocked_id))
    )
    _is_free = RowCondition(
        NotPossible,
        lambda ending: is_free_between(
            argument(f"one{ending}", Uuid()), argument(f"other{ending}", Uuid())
        ),
    )

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def lock_sides(self, caller: Bearer, named: str) -> UUID:
        """Locks the accounts of the caller and of a named person, and returns that of the latter.

        Raises:
            Unauthenticated: The session has ended, or the account is blocked.
            ProfileNotFound: There is no such person.
        """
        rows = await self._locking_sides.fetch(
            self._transaction,
            caller_id=caller.user_id,
            session_id=caller.session_id,
            **person(named),
        )
        locked = {row["id"]: row["is_named"] for row in rows}
        if caller.user_id not in locked:
            raise Unauthenticated
        for user_id, is_named in locked.items():
            if is_named:
                return UUID(str(user_id))
        raise ProfileNotFound

    async def count(self, user_id: UUID, blocked_id: UUID) -> Counted:
        """The blocks of a user, whose account is locked.

        Args:
            user_id: The user.
            blocked_id: The person of whom it is told whether the user has blocked them.
        """
        keys = {"user_id": user_id, "blocked_id": blocked_id}
        (row,) = await self._counting.fetch(self._transaction, **keys)
        return Counted(*row)

    def add(self, block: Block) -> None:
        """Adds a new block."""
        self._transaction.add(block)

    async def delete(self, user_id: UUID, named: str) -> None:
        """Deletes the block of a person by a user.

        Raises:
            BlockNotFound: There is none.
        """
        keys = {"user_id": user_id, **person(named)}
        if not await self._deleting.fetch(self._transaction, **keys):
            raise BlockNotFound

    def demand_free(self, one: UUID, other: UUID) -> None:
        """Has the next write be refused with `NotPossible` if one of two has blocked the other.

        The account of one of them must be locked before, as by `UserRepository.caller_locked`: then
        a block at the same time waits, or is seen. The condition takes no round trip of its own.
        """
        self._transaction.put(self._is_free, one=one, other=other)


@cache
def _own(shape: PageShape) -> PageQuery:
    blocked = Person(col(Block.blocked_id))
    return PageQuery(
        select().select_from(blocked.joined(Block)).where(col(Block.blocker_id) == CALLER_ID),
        item=json_object(BlockPublic, Block, person=blocked.json),
        keys=[col(Block.created_at), col(Block.blocked_id)],
        shape=shape,
        by_index=True,
    )


class BlockReader:
    """Reads of blocks."""

    def __init__(self, source: Source) -> None:
        self._source = source

    async def own(self, caller: Bearer, request: PageRequest) -> Page:
        """The people whom the caller has blocked, the last one first."""
        return await _own(request.shape).page(self._source, caller, request)
