"""What erases who somebody was. The register of personal data says what stays, and why."""

from typing import Any
from uuid import UUID

from sqlalchemy import (
    DateTime,
    Update,
    Uuid,
    and_,
    delete,
    literal_column,
    null,
    or_,
    select,
    update,
)

from app.db.models.bookings import Booking, Role
from app.db.models.cleanings import Cleaning
from app.db.models.evaluations import Evaluation
from app.db.models.fields import now
from app.db.models.freed_usernames import FreedUsername
from app.db.models.idempotency_keys import IdempotencyKey
from app.db.models.known_devices import KnownDevice
from app.db.models.links import Link
from app.db.models.offers import Offer
from app.db.models.second_factors import SecondFactor
from app.db.models.sessions import KnownAddress, Session
from app.db.models.terms import CleaningRevision
from app.db.models.versioned import Versioned
from app.postgres.statements import Statement, argument, col, inline
from app.postgres.transactions import Transaction

USER_ID = argument("user_id", Uuid())
OWN_CLEANINGS = select(col(Cleaning.id)).where(col(Cleaning.owner_id) == USER_ID)
NO_NAME = inline("Deleted")
NO_WORDS: Any = literal_column("""'{"description": null, "area": null, "address": null}'""")


def _changing(model: type[Versioned], found: Any, **values: Any) -> Update:
    moment = argument("moment", DateTime(timezone=True))
    table: Any = model
    return (
        update(table.__table__)
        .where(found)
        .values(version=col(model.version) + 1, updated_at=moment, **values)
    )


def _cancelled_by(role: Role, person: Any) -> Any:
    return and_(col(person) == USER_ID, col(Booking.cancelled_by) == inline(role))


STATEMENTS = tuple(
    Statement(statement)
    for statement in (
        delete(Session).where(col(Session.user_id) == USER_ID),  # and its tokens, or its API key
        delete(KnownAddress).where(col(KnownAddress.user_id) == USER_ID),
        delete(KnownDevice).where(col(KnownDevice.user_id) == USER_ID),
        delete(SecondFactor).where(col(SecondFactor.user_id) == USER_ID),  # and its codes
        delete(Link).where(col(Link.user_id) == USER_ID),
        delete(IdempotencyKey).where(col(IdempotencyKey.user_id) == USER_ID),
        delete(CleaningRevision).where(col(CleaningRevision.cleaning_id).in_(OWN_CLEANINGS)),
        _changing(
            Cleaning,
            col(Cleaning.owner_id) == USER_ID,
            name=NO_NAME,
            description=null(),
            area=null(),
            area_key=null(),
            address=null(),
            cancellation_reason=null(),
            **Cleaning.derived(
                {
                    "name": NO_NAME,
                    "description": null(),
                    "terms_revision": col(Cleaning.terms_revision),
                }
            ),
        ),
        _changing(
            Offer,
            and_(col(Offer.cleaner_id) == USER_ID, col(Offer.message).is_not(None)),
            message=null(),
        ),
        _changing(
            Booking,
            col(Booking.owner_id) == USER_ID,
            terms=col(Booking.terms).op("||")(NO_WORDS),
        ),
        _changing(
            Booking,
            and_(
                or_(
                    _cancelled_by(Role.OWNER, Booking.owner_id),
                    _cancelled_by(Role.CLEANER, Booking.cleaner_id),
                ),
                col(Booking.cancellation_reason).is_not(None),
            ),
            cancellation_reason=null(),
        ),
        update(FreedUsername).where(col(FreedUsername.user_id) == USER_ID).values(user_id=null()),
        update(Evaluation)
        .where(col(Evaluation.subject_id) == USER_ID)
        .values(headline=null(), comment=null()),
    )
)
"""What becomes of all that belongs to an account; of its own rows, they see to it themselves."""


class ErasureRepository:
    """Who people were, for a unit of work."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def erase(self, user_id: UUID) -> None:
        """Erases what belongs to an account, apart from the account and its profile."""
        for statement in STATEMENTS:
            self._transaction.put(statement, user_id=user_id, moment=now())
