"""The queries of hiding: whom it concerns."""

from uuid import UUID

from sqlalchemy import Uuid, select, union_all

from app.core.security.tokens import Bearer
from app.db.models.cleanings import Cleaning
from app.db.models.evaluations import Evaluation
from app.db.models.offers import Offer
from app.db.models.users import User
from app.db.repositories.administration import Accounts, AdministrationRepository, concerning
from app.postgres.statements import argument, col
from app.postgres.transactions import Transaction

CLEANING_ID = argument("cleaning_id", Uuid())
OFFER = (col(Offer.cleaning_id) == CLEANING_ID, col(Offer.id) == argument("offer_id", Uuid()))
EVALUATION = (
    col(Evaluation.cleaning_id) == CLEANING_ID,
    col(Evaluation.id) == argument("evaluation_id", Uuid()),
)


class HidingRepository:
    """Those whom it concerns that something is hidden, for a unit of work.

    Their accounts are locked before the thing itself, as by all others. All methods return the
    caller's account and those of the others, and raise Unauthenticated if the caller's can't be
    used any more.
    """

    _owner = concerning(select(col(Cleaning.owner_id)).where(col(Cleaning.id) == CLEANING_ID))
    _offerer = concerning(select(col(Offer.cleaner_id)).where(*OFFER))
    _sides = concerning(
        union_all(
            select(col(Evaluation.author_id)).where(*EVALUATION),
            select(col(Evaluation.subject_id)).where(*EVALUATION),
        )
    )

    def __init__(self, transaction: Transaction) -> None:
        self._accounts = AdministrationRepository(transaction)

    async def lock_owner(self, caller: Bearer, cleaning_id: UUID) -> tuple[User, Accounts]:
        """Keeps the account of the owner of a job from others until the transaction ends."""
        return await self._accounts.lock_concerned(caller, self._owner, cleaning_id=cleaning_id)

    async def lock_offerer(
        self, caller: Bearer, cleaning_id: UUID, offer_id: UUID
    ) -> tuple[User, Accounts]:
        """Keeps the account of whoever made an offer from others until the transaction ends."""
        return await self._accounts.lock_concerned(
            caller, self._offerer, cleaning_id=cleaning_id, offer_id=offer_id
        )

    async def lock_sides(
        self, caller: Bearer, cleaning_id: UUID, evaluation_id: UUID
    ) -> tuple[User, Accounts]:
        """Keeps the accounts of the author and the subject of an evaluation likewise."""
        return await self._accounts.lock_concerned(
            caller, self._sides, cleaning_id=cleaning_id, evaluation_id=evaluation_id
        )
