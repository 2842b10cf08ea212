"""Pending requests of sessions, which end with them."""

from uuid import UUID

from sqlalchemy import Uuid, delete, select, update

from app.db.models.api_keys import ApiKey
from app.db.models.links import Link
from app.db.models.second_factors import SecondFactor
from app.db.models.sessions import Session
from app.db.models.webhooks import WebhookEndpoint
from app.db.repositories.base import USER_ID
from app.postgres.statements import Statement, argument, col
from app.postgres.transactions import Transaction

OLD_ID, NEW_ID = argument("old_id", Uuid()), argument("new_id", Uuid())

CARRYING = tuple(
    Statement(statement)
    for statement in (
        update(Link).where(col(Link.session_id) == OLD_ID).values(session_id=NEW_ID),
        update(SecondFactor)
        .where(col(SecondFactor.session_id) == OLD_ID)
        .values(session_id=NEW_ID),
        update(ApiKey)
        .where(
            col(ApiKey.made_in) == OLD_ID,
            col(ApiKey.id).in_(select(col(Session.id)).where(col(Session.user_id) == USER_ID)),
        )
        .values(made_in=NEW_ID),
        update(WebhookEndpoint)
        .where(col(WebhookEndpoint.url_set_in) == OLD_ID, col(WebhookEndpoint.user_id) == USER_ID)
        .values(url_set_in=NEW_ID),
    )
)
VOIDING = tuple(
    Statement(statement)
    for statement in (
        delete(Link).where(col(Link.user_id) == USER_ID, col(Link.session_id).is_not(None)),
        delete(SecondFactor).where(
            col(SecondFactor.user_id) == USER_ID, col(SecondFactor.session_id).is_not(None)
        ),
    )
)


class SessionRequestRepository:
    """What sessions have asked for, in a unit of work.

    The database deletes links and second factors that wait for a confirmation with the session
    that asked for them, however that ends.
    """

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def carry_over(self, user_id: UUID, old_id: UUID, new_id: UUID) -> None:
        """Moves the pending requests of a session to the session that replaces it."""
        for statement in CARRYING:
            self._transaction.put(statement, user_id=user_id, old_id=old_id, new_id=new_id)

    def void(self, user_id: UUID) -> None:
        """Deletes the pending requests of all sessions of a user."""
        for statement in VOIDING:
            self._transaction.put(statement, user_id=user_id)
