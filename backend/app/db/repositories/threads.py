"""The queries of threads."""

from functools import cache
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Integer,
    Subquery,
    Text,
    Uuid,
    and_,
    cast,
    func,
    outerjoin,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased

from app.core.raising import raises
from app.core.security.tokens import Bearer
from app.db.models.cleanings import Cleaning
from app.db.models.fields import new_id, now
from app.db.models.messages import Message
from app.db.models.offers import Offer
from app.db.models.order_shapes import Party
from app.db.models.orders import Order
from app.db.models.threads import Sides, Thread, ThreadKey, ThreadNotFound
from app.db.models.users import User
from app.db.repositories.base import CALLER_ID, CLEANING_ID, MOMENT, USER_ID, Query
from app.db.repositories.messages import OF_THREAD
from app.db.repositories.pages import Page, PageQuery, PageRequest, PageShape, part
from app.db.repositories.thread_closures import closure, order_closure
from app.db.repositories.thread_views import (
    CLEANER_ID,
    ThreadView,
    both_sides,
    closed,
    is_side,
    offer_sides,
    order_sides,
    other_side,
)
from app.postgres.statements import Rows, Source, Statement, argument, col, inline
from app.postgres.tables import RowQuery
from app.postgres.transactions import Transaction

OF_KEY = col(Thread.cleaning_id) == CLEANING_ID, col(Thread.cleaner_id) == CLEANER_ID
ROLES = {
    Party.CUSTOMER: (col(Thread.owner_id), col(Thread.owner_unread)),
    Party.CLEANER: (col(Thread.cleaner_id), col(Thread.cleaner_unread)),
}
"""The columns of the account and of the number of unread messages of a side."""
MOST_COUNTED = 100
"""How many unread threads are counted, so that it does not take long."""
ORDER = ("sent_at", "cleaning_id", "cleaner_id")
"""The keys by which threads are sorted, behind whether they have unread messages."""


def _locking(sides: Rows, *tables: Any) -> Statement:
    """Locks the rows that the state of a thread follows from against changes, for its sides.

    Messages in several threads of a job don't wait for each other.

    Args:
        sides: Selects its `Sides`.
        tables: The tables of these rows, in the order of locks.
    """
    other = aliased(User)
    parties = sides.selected_columns
    state = closed(parties, other).label("closure")
    return Statement(
        sides.with_only_columns(*(state if it.name == "closure" else it for it in parties))
        .join(other, col(other.id) == other_side(parties))
        .where(is_side(parties))
        .with_for_update(read=True, of=tables)
    )


def _beginning() -> Statement:
    """Begins a thread, unless another transaction has begun it meanwhile."""
    values = {
        "cleaning_id": CLEANING_ID,
        "cleaner_id": argument("cleaner_id", Uuid()),
        "id": argument("id", Uuid()),
        "seller_id": argument("seller_id", Uuid()),
        "owner_id": argument("owner_id", Uuid()),
        "sent_at": MOMENT,
    }
    counts = ("messages", "owner_read", "owner_unread", "cleaner_read", "cleaner_unread")
    nothing = dict.fromkeys(counts, inline(0))
    return Statement(insert(Thread).values(**values, **nothing).on_conflict_do_nothing())


class ThreadRepository:
    """The threads, in a unit of work."""

    _locking_offer = _locking(offer_sides(CLEANING_ID, CLEANER_ID), Cleaning, Offer)
    _locking_order = _locking(order_sides(CLEANING_ID, CLEANER_ID), Order)
    _beginning = _beginning()
    _one = RowQuery(select(Thread).where(*OF_KEY))
    _locking_one = RowQuery(select(Thread).where(*OF_KEY).with_for_update(key_share=True))
    _locking_own = RowQuery(
        select(Thread).where(*OF_KEY, is_side(Thread)).with_for_update(key_share=True)
    )
    _counting = Statement(
        select(func.count().label("unread")).where(
            *OF_THREAD,
            col(Message.number) > argument("number", Integer()),
            col(Message.sender_id) != USER_ID,
        )
    )

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def lock_sides(self, caller_id: UUID, key: ThreadKey) -> Sides:
        """The sides of a thread, whose job and offer, or whose order, are locked against changes.

        An order may be accepted while its lock is waited for: then it has a job.

        Raises:
            ThreadNotFound: The caller is none of them, or there is neither an offer nor an order.
        """
        given = {"caller_id": caller_id, **key._asdict()}
        for locking in (self._locking_offer, self._locking_order, self._locking_offer):
            if rows := await locking.fetch(self._transaction, **given):
                return Sides(*rows[0])
        raise ThreadNotFound

    async def find(self, key: ThreadKey) -> Thread:
        """A thread with messages, which is not locked.

        Raises:
            ThreadNotFound: There is none.
        """
        thread = await self._transaction.one(self._one, **key._asdict())
        if thread is None:
            raise ThreadNotFound
        return thread

    async def lock(self, key: ThreadKey) -> Thread | None:
        """A thread, locked until the end of the transaction; None before its first message."""
        return await self._transaction.one(self._locking_one, **key._asdict())

    async def lock_own(self, caller_id: UUID, key: ThreadKey) -> Thread | None:
        """Like `lock`, for the sides of the thread; None to others, too."""
        return await self._transaction.one(self._locking_own, caller_id=caller_id, **key._asdict())

    async def lock_begun(self, sides: Sides) -> Thread:
        """Like `lock`, but begins the thread if it has no message."""
        thread = await self.lock(sides.key)
        while thread is None:
            self._transaction.put(
                self._beginning,
                id=new_id(),
                seller_id=sides.cleaner_id if sides.ordered else None,
                owner_id=sides.owner_id,
                moment=now(),
                **sides.key._asdict(),
            )
            thread = await self.lock(sides.key)
        return thread

    async def count_behind(self, key: ThreadKey, number: int, reader_id: UUID) -> int:
        """The number of messages of the other side behind one of the thread."""
        ((unread,),) = await self._counting.fetch(
            self._transaction, number=number, user_id=reader_id, **key._asdict()
        )
        return int(unread)


def _one() -> Query:
    parties = both_sides(CLEANING_ID, CLEANER_ID)
    view = ThreadView(parties.c, Thread)
    begun = and_(
        col(Thread.cleaning_id) == parties.c.cleaning_id,
        col(Thread.cleaner_id) == parties.c.cleaner_id,
    )
    return Query(
        select(cast(view.json, Text).label("item"))
        .select_from(view.other.joined(outerjoin(parties, Thread, begun)))
        .where(is_side(parties.c))
    )


@cache
def _own(shape: PageShape, roles: tuple[Party, ...]) -> PageQuery:
    # Each role is read in the order of an index of its own; the two are then merged.
    parts = []
    for role in roles:
        user_id, unread = ROLES[role]
        pending: Any = func.least(unread, inline(1), type_=Integer())
        own = select(Thread, pending.label("pending")).where(user_id == CALLER_ID)
        keys = [pending, *(col(getattr(Thread, name)) for name in ORDER)]
        parts.append(part(own, keys, shape, by_index=True))
    rows = union_all(*parts).subquery()
    thread = aliased(Thread, rows)
    key = col(thread.cleaning_id), col(thread.cleaner_id)
    by_offer = offer_sides(*key).with_only_columns(closure(Cleaning, Offer))
    by_order = order_sides(*key).with_only_columns(order_closure(Order))
    parties = SimpleNamespace(
        cleaning_id=col(thread.cleaning_id),
        cleaner_id=col(thread.cleaner_id),
        owner_id=col(thread.owner_id),
        # A join with the offers would be answered by reading all of them.
        closure=func.coalesce(
            by_offer.correlate_except(Offer, Cleaning).scalar_subquery(),
            by_order.correlate_except(Order).scalar_subquery(),
        ),
    )
    view = ThreadView(parties, thread)
    return PageQuery(
        select().select_from(view.other.joined(thread)),
        item=view.json,
        keys=[rows.c.pending, *(col(getattr(thread, name)) for name in ORDER)],
        shape=shape,
    )


def unread_threads() -> Subquery:
    """Counts the caller's threads with unread messages, and these messages.

    It gives one row. At most `MOST_COUNTED` threads by role are counted.
    """
    counted = [
        select(unread.label("messages"))
        .where(user_id == CALLER_ID, func.least(unread, inline(1), type_=Integer()) == inline(1))
        .limit(inline(MOST_COUNTED))
        for user_id, unread in ROLES.values()
    ]
    rows = union_all(*counted).subquery()
    messages = func.coalesce(func.sum(rows.c.messages), inline(0))
    return select(
        func.count().label("threads"), cast(messages, Integer).label("messages")
    ).subquery("unread_threads")


class ThreadReader:
    """Reads threads."""

    _one = _one()

    def __init__(self, source: Source) -> None:
        self._source = source

    @raises(ThreadNotFound)
    async def one(self, caller: Bearer, key: ThreadKey) -> str:
        """A thread of the caller as JSON."""
        rows = await self._one.run(self._source, caller, **key._asdict())
        if rows[0]["item"] is None:
            raise ThreadNotFound
        return str(rows[0]["item"])

    async def own(self, caller: Bearer, role: Party | None, request: PageRequest) -> Page:
        """The caller's threads, those with unread messages first, then the latest message first.

        Args:
            caller: The caller.
            role: Only those in which the caller has this role, if any.
            request: The requested page.
        """
        query = _own(request.shape, (role,) if role else tuple(Party))
        return await query.page(self._source, caller, request)
