"""The queries of staff: accounts, and the locks of their actions."""

from functools import cache
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import ColumnElement, Text, and_, func, join, or_, select, union

from app.core.errors import Unauthenticated
from app.core.names import email_key, text_key
from app.core.security.tokens import Bearer
from app.db.models.administration import (
    AccountDetail,
    AccountFilters,
    AccountPublic,
    AccountState,
)
from app.db.models.profiles import Profile
from app.db.models.second_factors import SecondFactor
from app.db.models.sessions import Session
from app.db.models.users import User, UserNotFound
from app.db.repositories.base import CALLER_ID, USABLE_ACCOUNT, USER_ID, Item, ItemQuery
from app.db.repositories.pages import Page, PageQuery, PageRequest, PageShape
from app.db.repositories.person_views import ONESELF, shown
from app.db.repositories.sessions import IS_LOGIN, IS_OF_PROGRAM
from app.postgres.statements import PLANNED_EACH_TIME, Source, argument, col, inline
from app.postgres.tables import RowQuery
from app.postgres.transactions import Transaction

Accounts: TypeAlias = dict[UUID, User]

STATES: dict[AccountState, ColumnElement[bool]] = {
    AccountState.ACTIVE: and_(*USABLE_ACCOUNT, col(User.pending_until).is_(None)),
    AccountState.PENDING: col(User.pending_until).is_not(None),
    AccountState.INACTIVE: col(User.inactive_at).is_not(None),
    AccountState.BLOCKED: col(User.blocked_at).is_not(None),
    AccountState.DELETED: col(User.deleted_at).is_not(None),
}


def concerning(account_ids: Any) -> RowQuery[User]:
    """Locks the accounts concerned by an action of staff, and the caller's.

    All are locked in one order. So two who act on each other don't block each other, and the
    second of them finds out that they may not act any more.

    Args:
        account_ids: Selects the ids of the accounts.
    """
    return RowQuery(
        select(User)
        .where(
            or_(
                col(User.id).in_(account_ids),
                and_(col(User.id) == CALLER_ID, *USABLE_ACCOUNT),
            )
        )
        .order_by(col(User.id))
        .with_for_update(key_share=True)
    )


class AdministrationRepository:
    """The accounts that staff acts on, in a unit of work."""

    _one = concerning([USER_ID])
    _named = RowQuery(
        select(User)
        .where(col(User.username_key) == argument("username_key", Text()))
        .with_for_update(key_share=True)
    )

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def lock(self, caller: Bearer, user_id: UUID) -> tuple[User, User]:
        """The caller's account and another, locked until the end of the transaction.

        Raises:
            Unauthenticated: The caller's account can't be used any more.
            UserNotFound: There is no other such account, or it was deleted.
        """
        staff, accounts = await self.lock_concerned(caller, self._one, user_id=user_id)
        user = accounts.get(user_id)
        if user is None or user.deleted_at:
            raise UserNotFound
        return staff, user

    async def lock_concerned(
        self, caller: Bearer, query: RowQuery[User], **arguments: UUID
    ) -> tuple[User, Accounts]:
        """The caller's account and those of others, locked until the end of the transaction.

        Args:
            caller: Who acts.
            query: Which accounts; see `concerning`.
            arguments: The values of the parameters by name.

        Raises:
            Unauthenticated: The caller's account can't be used any more.
        """
        users = await self._transaction.all(query, caller_id=caller.user_id, **arguments)
        accounts = {user.id: user for user in users}
        if caller.user_id not in accounts:
            raise Unauthenticated
        return accounts[caller.user_id], accounts

    async def lock_named(self, username: str) -> User | None:
        """The account with a username, in any case, locked until the end of the transaction."""
        return await self._transaction.one(self._named, username_key=text_key(username))


def _named() -> ColumnElement[bool]:
    beginning = argument("beginning", Text())
    return col(User.id).in_(
        union(
            select(col(User.id)).where(col(User.username_key).bool_op("^@")(beginning)),
            select(col(Profile.user_id)).where(col(Profile.full_name_key).bool_op("^@")(beginning)),
        )
    )


@cache
def _accounts(shape: PageShape, *, filtered: bool, named: bool) -> PageQuery:
    statement = select().select_from(join(User, Profile))
    if filtered:
        role, state = argument("role", Text()), argument("state", Text())
        in_state = (and_(state == inline(name), condition) for name, condition in STATES.items())
        statement = statement.where(
            or_(role.is_(None), col(User.role) == role), or_(state.is_(None), *in_state)
        )
    if named:
        statement = statement.where(_named())
    if filtered or named:
        statement = statement.where(PLANNED_EACH_TIME)
    return PageQuery(
        statement,
        item=shown(AccountPublic, User, Profile, to=ONESELF),
        keys=[col(User.id)],
        shape=shape,
    )


def _account(found: ColumnElement[bool]) -> ItemQuery:
    def sessions(kind: ColumnElement[bool]) -> ColumnElement[int]:
        live = (col(Session.user_id) == User.id, col(Session.expires_at) > func.now(), kind)
        return select(func.count()).where(*live).scalar_subquery()

    def of_factor(moment: Any) -> ColumnElement[Any]:
        own = col(SecondFactor.user_id) == User.id
        return select(col(moment)).where(own).scalar_subquery()

    return ItemQuery(
        select()
        .select_from(join(User, Profile))
        .where(found)
        # Several accounts may still have to verify the same address.
        .order_by(col(User.pending_until).nulls_first(), col(User.id).desc())
        .limit(inline(1)),
        item=shown(
            AccountDetail,
            User,
            Profile,
            to=ONESELF,
            sessions=sessions(IS_LOGIN),
            api_keys=sessions(IS_OF_PROGRAM),
            second_factor_on_since=of_factor(SecondFactor.confirmed_at),
            second_factor_removal_due_at=of_factor(SecondFactor.removal_due_at),
        ),
        version=col(User.version),
        missing=UserNotFound,
    )


class AdministrationReader:
    """Reads by staff of accounts. That the caller is staff has been checked before."""

    _one = _account(col(User.id) == USER_ID)
    _with_email = _account(col(User.email_key) == argument("email_key", Text()))

    def __init__(self, source: Source) -> None:
        self._source = source

    async def one(self, caller: Bearer, user_id: UUID) -> Item:
        """An account.

        Raises:
            UserNotFound: There is none with this id.
        """
        return await self._one.one(self._source, caller, user_id=user_id)

    async def with_email(self, caller: Bearer, email: str) -> Item:
        """The account with an email address, in any case.

        Raises:
            UserNotFound: There is none.
        """
        return await self._with_email.one(self._source, caller, email_key=email_key(email))

    async def page(self, caller: Bearer, filters: AccountFilters, request: PageRequest) -> Page:
        """The accounts that match all filters, newest first."""
        filtered, named = filters.role or filters.state, filters.q is not None
        query = _accounts(request.shape, filtered=bool(filtered), named=named)
        return await query.page(
            self._source,
            caller,
            request,
            role=filters.role,
            state=filters.state,
            beginning=text_key(filters.q or ""),
        )
