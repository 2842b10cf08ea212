"""How staff takes things out of everyone's sight, and puts them back."""

from typing import NamedTuple
from uuid import UUID

from app.core.clients import Client
from app.core.raising import raises
from app.core.security.tokens import Bearer
from app.db.models.administration import Grounds
from app.db.models.cleanings import Cleaning, CleaningNotFound
from app.db.models.evaluations import Evaluation, EvaluationNotFound
from app.db.models.kinds import EventKind
from app.db.models.kinds.cleanings import CleaningEvent
from app.db.models.kinds.evaluations import EvaluationEvent
from app.db.models.kinds.hiding import HidingAction
from app.db.models.kinds.offers import OfferEvent
from app.db.models.offers import Offer, OfferNotFound
from app.db.models.users import RankTooLow
from app.db.repositories.audit import AuditRepository
from app.db.repositories.cleanings import CleaningRepository
from app.db.repositories.evaluations import EvaluationRepository
from app.db.repositories.events import EventRepository
from app.db.repositories.hiding import HidingRepository
from app.db.repositories.offers import OfferRepository
from app.postgres.transactions import Transaction


class Thing(NamedTuple):
    """What is hidden or shown.

    Args:
        id: Which one.
        cleaning_id: The job that it belongs to.
        user_id: Whose it is.
    """

    id: UUID
    cleaning_id: UUID
    user_id: UUID


class HidingService:
    """The use cases of hiding. Each locks accounts first, then the thing.

    To hide what is hidden, or to show what is shown, changes nothing and is no error. The audit
    has it all the same.

    Args:
        transaction: The unit of work.
        client: Where the request comes from.
    """

    def __init__(self, transaction: Transaction, client: Client) -> None:
        self._accounts = HidingRepository(transaction)
        self._audit = AuditRepository(transaction)
        self._cleanings = CleaningRepository(transaction)
        self._evaluations = EvaluationRepository(transaction)
        self._events = EventRepository(transaction)
        self._offers = OfferRepository(transaction)
        self._client = client

    @raises(CleaningNotFound, RankTooLow)
    async def hide_cleaning(self, caller: Bearer, cleaning_id: UUID, grounds: Grounds) -> None:
        """Hides a job from all but its two sides. Nobody can be booked for it."""
        cleaning, thing = await self._lock_cleaning(caller, cleaning_id)
        self._record(caller, CleaningEvent.HIDDEN, thing, grounds, changed=cleaning.hide())

    @raises(CleaningNotFound, RankTooLow)
    async def show_cleaning(
        self, caller: Bearer, cleaning_id: UUID, grounds: Grounds | None
    ) -> None:
        """Shows a job again."""
        cleaning, thing = await self._lock_cleaning(caller, cleaning_id)
        self._record(caller, CleaningEvent.SHOWN, thing, grounds, changed=cleaning.show())

    @raises(CleaningNotFound, OfferNotFound, RankTooLow)
    async def hide_offer(
        self, caller: Bearer, cleaning_id: UUID, offer_id: UUID, grounds: Grounds
    ) -> None:
        """Hides an offer from the owner of the job, who can't accept it then."""
        offer, thing = await self._lock_offer(caller, cleaning_id, offer_id)
        self._record(caller, OfferEvent.HIDDEN, thing, grounds, changed=offer.hide())

    @raises(CleaningNotFound, OfferNotFound, RankTooLow)
    async def show_offer(
        self, caller: Bearer, cleaning_id: UUID, offer_id: UUID, grounds: Grounds | None
    ) -> None:
        """Shows an offer again."""
        offer, thing = await self._lock_offer(caller, cleaning_id, offer_id)
        self._record(caller, OfferEvent.SHOWN, thing, grounds, changed=offer.show())

    @raises(EvaluationNotFound, RankTooLow)
    async def hide_evaluation(
        self,
        caller: Bearer,
        cleaning_id: UUID,
        booking_id: UUID,
        evaluation_id: UUID,
        grounds: Grounds,
    ) -> None:
        """Takes an evaluation out of the lists, and its stars out of the rating."""
        evaluation, thing = await self._lock_evaluation(
            caller, cleaning_id, booking_id, evaluation_id
        )
        rating = await self._evaluations.lock_rating(evaluation)
        self._record(
            caller, EvaluationEvent.HIDDEN, thing, grounds, changed=evaluation.hide(rating)
        )

    @raises(EvaluationNotFound, RankTooLow)
    async def show_evaluation(
        self,
        caller: Bearer,
        cleaning_id: UUID,
        booking_id: UUID,
        evaluation_id: UUID,
        grounds: Grounds | None,
    ) -> None:
        """Puts an evaluation back into the lists, and its stars into the rating."""
        evaluation, thing = await self._lock_evaluation(
            caller, cleaning_id, booking_id, evaluation_id
        )
        rating = await self._evaluations.lock_rating(evaluation)
        self._record(caller, EvaluationEvent.SHOWN, thing, grounds, changed=evaluation.show(rating))

    async def _lock_cleaning(self, caller: Bearer, cleaning_id: UUID) -> tuple[Cleaning, Thing]:
        staff, accounts = await self._accounts.lock_owner(caller, cleaning_id)
        cleaning = await self._cleanings.lock(cleaning_id)
        staff.demand_rank_over(accounts[cleaning.owner_id])
        thing = Thing(cleaning.id, cleaning.id, cleaning.owner_id)
        return cleaning, thing

    async def _lock_offer(
        self, caller: Bearer, cleaning_id: UUID, offer_id: UUID
    ) -> tuple[Offer, Thing]:
        staff, accounts = await self._accounts.lock_offerer(caller, cleaning_id, offer_id)
        await self._cleanings.lock(cleaning_id)
        offer = await self._offers.lock(cleaning_id, offer_id)
        staff.demand_rank_over(accounts[offer.cleaner_id])
        return offer, Thing(offer.id, cleaning_id, offer.cleaner_id)

    async def _lock_evaluation(
        self, caller: Bearer, cleaning_id: UUID, booking_id: UUID, evaluation_id: UUID
    ) -> tuple[Evaluation, Thing]:
        staff, accounts = await self._accounts.lock_sides(caller, cleaning_id, evaluation_id)
        evaluation = await self._evaluations.lock(cleaning_id, booking_id, evaluation_id)
        staff.demand_rank_over(accounts[evaluation.author_id])
        staff.demand_rank_over(accounts[evaluation.subject_id])
        thing = Thing(evaluation.id, cleaning_id, evaluation.author_id)
        return evaluation, thing

    def _record(
        self,
        caller: Bearer,
        kind: EventKind,
        thing: Thing,
        grounds: Grounds | None,
        *,
        changed: bool,
    ) -> None:
        if changed:
            self._events.record(caller.user_id, kind, thing.id, thing.cleaning_id)
        ids = {"cleaning_id": str(thing.cleaning_id), f"{kind.subject}_id": str(thing.id)}
        self._audit.record(
            HidingAction(f"{kind.subject}_{kind}"),
            self._client,
            actor_id=caller.user_id,
            user_id=thing.user_id,
            reason=grounds.reason if grounds else None,
            **ids,
        )
