"""The queries of the audit."""

from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Text, Uuid, case, or_, select
from sqlalchemy.orm import aliased

from app.core.clients import Client
from app.core.security.tokens import Bearer
from app.db.models.audit import AuditEntry, AuditFilters, AuditPerson, AuditPublic
from app.db.models.fields import new_id
from app.db.models.ids import first_id, time_of
from app.db.models.kinds import AuditAction
from app.db.models.users import User
from app.db.repositories.base import USER_ID, json_object
from app.db.repositories.pages import Page, PageQuery, PageRequest, PageShape
from app.postgres.statements import PLANNED_EACH_TIME, Source, argument, col
from app.postgres.transactions import Transaction

ACTOR_ID = argument("actor_id", Uuid())
ACTION = argument("action", Text())
SINCE, UNTIL = argument("since", Uuid()), argument("until", Uuid())
FILTERS: dict[str, ColumnElement[bool]] = {
    "user_id": or_(USER_ID.is_(None), col(AuditEntry.user_id) == USER_ID),
    "actor_id": or_(ACTOR_ID.is_(None), col(AuditEntry.actor_id) == ACTOR_ID),
    "action": or_(ACTION.is_(None), col(AuditEntry.action) == ACTION),
    # The ids are in the order of time, and the index has them.
    "since": or_(SINCE.is_(None), col(AuditEntry.id) >= SINCE),
    "until": or_(UNTIL.is_(None), col(AuditEntry.id) < UNTIL),
}
"""The conditions by the names of the filters; what is null is not filtered by."""


class AuditRepository:
    """The audit, in a unit of work."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def record(
        self,
        action: AuditAction,
        client: Client,
        *,
        actor_id: UUID | None = None,
        user_id: UUID | None = None,
        **details: str | None,
    ) -> None:
        """Records an action of the transaction.

        Args:
        action: The action.
        client: The client of the request.
        actor_id: The actor; None if unknown.
        user_id: The account concerned; by default the actor.
        details: Further facts, without secrets and names. Values of None are left out.
        """
        entry_id = new_id()
        self._transaction.add(
            AuditEntry(
                id=entry_id,
                action=action,
                actor_id=actor_id,
                user_id=user_id or actor_id,
                network=client.network,
                request_id=client.request_id,
                details={name: said for name, said in details.items() if said is not None},
                created_at=time_of(entry_id),  # for the filters by time, which compare ids
            )
        )


def _person(user: Any) -> ColumnElement[Any]:
    return case((col(user.id).is_not(None), json_object(AuditPerson, user)))


@cache
def _entries(shape: PageShape, *, filtered: bool) -> PageQuery:
    actor, user = aliased(User), aliased(User)
    statement = (
        select()
        .select_from(AuditEntry)
        .outerjoin(actor, col(actor.id) == AuditEntry.actor_id)
        .outerjoin(user, col(user.id) == AuditEntry.user_id)
    )
    if filtered:
        statement = statement.where(*FILTERS.values(), PLANNED_EACH_TIME)
    return PageQuery(
        statement,
        item=json_object(AuditPublic, AuditEntry, actor=_person(actor), user=_person(user)),
        keys=[col(AuditEntry.id)],
        shape=shape,
    )


class AuditReader:
    """Reads by staff of the audit: all of it. That the caller is staff was checked before."""

    def __init__(self, source: Source) -> None:
        self._source = source

    async def page(self, caller: Bearer, filters: AuditFilters, request: PageRequest) -> Page:
        """The entries that match all filters, newest first."""
        given = filters.model_dump(include=set(FILTERS), exclude_none=True)
        for name in {"since", "until"} & given.keys():
            given[name] = first_id(given[name])
        query = _entries(request.shape, filtered=bool(given))
        arguments = dict.fromkeys(FILTERS) | given
        return await query.page(self._source, caller, request, **arguments)
