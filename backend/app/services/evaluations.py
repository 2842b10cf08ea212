"""Evaluations of one side of a booking by the other."""

from uuid import UUID

from app.core.raising import raises
from app.db.models.bookings import BookingNotFound
from app.db.models.evaluations import (
    AlreadyEvaluated,
    BookingNotFinished,
    Evaluation,
    EvaluationCreate,
    OtherSideDeleted,
)
from app.db.models.kinds.evaluations import EvaluationEvent
from app.db.models.users import User
from app.db.repositories.bookings import BookingRepository
from app.db.repositories.evaluations import EvaluationRepository
from app.db.repositories.events import EventRepository
from app.db.repositories.users import UserRepository
from app.postgres.transactions import Transaction


class EvaluationService:
    """The use cases of evaluations."""

    def __init__(self, transaction: Transaction) -> None:
        self._bookings = BookingRepository(transaction)
        self._evaluations = EvaluationRepository(transaction)
        self._events = EventRepository(transaction)
        self._users = UserRepository(transaction)

    @raises(BookingNotFound, BookingNotFinished, OtherSideDeleted, AlreadyEvaluated)
    async def evaluate(
        self, caller: User, cleaning_id: UUID, booking_id: UUID, draft: EvaluationCreate
    ) -> None:
        """Adds the evaluation of one side of a finished booking by the other."""
        booking = await self._bookings.get(cleaning_id, booking_id)
        evaluation = Evaluation.of(booking, caller.id, draft)
        if not await self._users.hold_undeleted(evaluation.subject_id):
            raise OtherSideDeleted
        await self._evaluations.add(evaluation)
        self._events.record(
            caller.id,
            EvaluationEvent.CREATED,
            evaluation.id,
            cleaning_id,
            role=evaluation.role,
            overall_rating=evaluation.overall_rating,
        )
