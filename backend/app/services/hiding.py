"""Hiding by staff: packages, jobs, offers, evaluations, questions and answers."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import NamedTuple
from uuid import UUID

from app.core.clients import Client
from app.core.raising import raises
from app.core.security.tokens import Bearer
from app.db.models.administration import DecidedGrounds, Grounds, RestrictionGrounds
from app.db.models.cleanings import CleaningNotFound
from app.db.models.evaluations import Evaluation, EvaluationNotFound
from app.db.models.hiding import Hideable
from app.db.models.kinds import EventKind
from app.db.models.kinds.cleanings import CleaningEvent
from app.db.models.kinds.evaluations import EvaluationEvent
from app.db.models.kinds.hiding import HidingAction
from app.db.models.kinds.offers import OfferEvent
from app.db.models.kinds.packages import PackageEvent
from app.db.models.offers import OfferNotFound
from app.db.models.package_questions import PackagePost
from app.db.models.packages import PackageNotFound
from app.db.models.questions import (
    AnswerNotFound,
    CleaningPost,
    Post,
    PostKey,
    QuestionDeleted,
    QuestionNotFound,
)
from app.db.models.users import RankTooLow, User
from app.db.repositories.administration import AdministrationRepository
from app.db.repositories.cleanings import CleaningRepository
from app.db.repositories.evaluations import EvaluationRepository
from app.db.repositories.events import EventRepository
from app.db.repositories.hiding import AUTHOR, OFFERER, OWNER, PACKAGE_AUTHOR, SELLER, SIDES
from app.db.repositories.offers import OfferRepository
from app.db.repositories.packages import PackageRepository
from app.db.repositories.questions import QuestionRepository
from app.postgres.tables import RowQuery
from app.postgres.transactions import Transaction
from app.services.staff_acts import StaffActs


class HidingTarget(NamedTuple):
    """A locked package, job, offer, evaluation, question or answer.

    Args:
        id: Its id.
        place: The key of the job or the package that it belongs to, if it belongs to one.
        user_id: The account of its seller, its owner, its cleaner or its author.
        hidden: The kind of event of hiding it.
        shown: The kind of event of showing it again.
        hide: Hides it, and returns whether it was visible.
        show: Shows it, and returns whether it was hidden.
        row: Its row.
        between: The other ids in its path, of the booking or the question that it belongs to.
    """

    id: UUID
    place: Mapping[str, UUID]
    user_id: UUID
    hidden: EventKind
    shown: EventKind
    hide: Callable[[], bool]
    show: Callable[[], bool]
    row: Hideable | Evaluation
    between: Mapping[str, UUID] = {}


class HidingService:
    """The use cases of hiding: one locks the accounts and the thing, another hides or shows it.

    Hiding a hidden thing, or showing a visible one, changes nothing and is no error. The audit
    records it all the same.

    Args:
        transaction: The unit of work.
        client: The origin of the request.
    """

    def __init__(self, transaction: Transaction, client: Client) -> None:
        self._accounts = AdministrationRepository(transaction)
        self._acts = StaffActs(transaction, client)
        self._cleanings = CleaningRepository(transaction)
        self._evaluations = EvaluationRepository(transaction)
        self._events = EventRepository(transaction)
        self._offers = OfferRepository(transaction)
        self._packages = PackageRepository(transaction)
        self._questions = QuestionRepository(transaction, CleaningPost)
        self._package_questions = QuestionRepository(transaction, PackagePost)

    @raises(PackageNotFound, RankTooLow)
    async def package(self, caller: Bearer, package_id: UUID) -> HidingTarget:
        """Locks a package. Hidden, it is visible to its seller alone, and can't be ordered."""
        staff, accounts = await self._accounts.lock_concerned(caller, SELLER, package_id=package_id)
        row = await self._packages.lock(package_id)
        staff.demand_rank_over(accounts[row.seller_id])
        kinds = PackageEvent.HIDDEN, PackageEvent.SHOWN
        return HidingTarget(row.id, {}, row.seller_id, *kinds, row.hide, row.show, row)

    @raises(CleaningNotFound, RankTooLow)
    async def cleaning(self, caller: Bearer, cleaning_id: UUID) -> HidingTarget:
        """Locks a job. Hidden, it is visible to its two sides alone, and can't be booked."""
        staff, accounts = await self._accounts.lock_concerned(
            caller, OWNER, cleaning_id=cleaning_id
        )
        row = await self._cleanings.lock(cleaning_id)
        staff.demand_rank_over(accounts[row.owner_id])
        kinds = CleaningEvent.HIDDEN, CleaningEvent.SHOWN
        changes, place = (row.hide, row.show), {"cleaning_id": cleaning_id}
        return HidingTarget(row.id, place, row.owner_id, *kinds, *changes, row)

    @raises(CleaningNotFound, OfferNotFound, RankTooLow)
    async def offer(self, caller: Bearer, cleaning_id: UUID, offer_id: UUID) -> HidingTarget:
        """Locks an offer. Hidden, it is visible to its cleaner alone, and can't be accepted."""
        staff, accounts = await self._accounts.lock_concerned(
            caller, OFFERER, cleaning_id=cleaning_id, offer_id=offer_id
        )
        await self._cleanings.lock(cleaning_id)
        row = await self._offers.lock(cleaning_id, offer_id)
        staff.demand_rank_over(accounts[row.cleaner_id])
        kinds = OfferEvent.HIDDEN, OfferEvent.SHOWN
        changes, place = (row.hide, row.show), {"cleaning_id": cleaning_id}
        return HidingTarget(row.id, place, row.cleaner_id, *kinds, *changes, row)

    @raises(EvaluationNotFound, RankTooLow)
    async def evaluation(
        self, caller: Bearer, cleaning_id: UUID, booking_id: UUID, evaluation_id: UUID
    ) -> HidingTarget:
        """Locks an evaluation. Hidden, it is visible to its author alone, and not counted."""
        staff, accounts = await self._accounts.lock_concerned(
            caller, SIDES, cleaning_id=cleaning_id, evaluation_id=evaluation_id
        )
        row = await self._evaluations.lock(cleaning_id, booking_id, evaluation_id)
        staff.demand_rank_over(accounts[row.author_id])
        staff.demand_rank_over(accounts[row.subject_id])
        rating = await self._evaluations.lock_rating(row)
        kinds = EvaluationEvent.HIDDEN, EvaluationEvent.SHOWN
        changes = partial(row.hide, rating), partial(row.show, rating)
        place, between = {"cleaning_id": cleaning_id}, {"booking_id": booking_id}
        return HidingTarget(row.id, place, row.author_id, *kinds, *changes, row, between)

    @raises(CleaningNotFound, QuestionNotFound, QuestionDeleted, RankTooLow)
    async def question(self, caller: Bearer, cleaning_id: UUID, question_id: UUID) -> HidingTarget:
        """Locks a question. Hidden, it is visible to its author alone, with its answers."""
        staff, author = await self._author(caller, AUTHOR, cleaning_id, question_id)
        await self._cleanings.lock(cleaning_id)
        row = await self._questions.lock_question(PostKey(cleaning_id, question_id))
        row.demand_kept()
        return self._post(staff, author, row)

    @raises(CleaningNotFound, AnswerNotFound, RankTooLow)
    async def answer(
        self, caller: Bearer, cleaning_id: UUID, question_id: UUID, answer_id: UUID
    ) -> HidingTarget:
        """Locks an answer. Hidden, it is visible to its author alone."""
        staff, author = await self._author(caller, AUTHOR, cleaning_id, answer_id)
        await self._cleanings.lock(cleaning_id)
        key = PostKey(cleaning_id, question_id, answer_id)
        row = await self._questions.lock_answer(key)
        return self._post(staff, author, row, {"question_id": question_id})

    @raises(PackageNotFound, QuestionNotFound, QuestionDeleted, RankTooLow)
    async def package_question(
        self, caller: Bearer, package_id: UUID, question_id: UUID
    ) -> HidingTarget:
        """Locks a question about a package, like `question`."""
        staff, author = await self._author(caller, PACKAGE_AUTHOR, package_id, question_id)
        await self._packages.lock(package_id)
        row = await self._package_questions.lock_question(PostKey(package_id, question_id))
        row.demand_kept()
        return self._post(staff, author, row)

    @raises(PackageNotFound, AnswerNotFound, RankTooLow)
    async def package_answer(
        self, caller: Bearer, package_id: UUID, question_id: UUID, answer_id: UUID
    ) -> HidingTarget:
        """Locks an answer to a question about a package, like `answer`."""
        staff, author = await self._author(caller, PACKAGE_AUTHOR, package_id, answer_id)
        await self._packages.lock(package_id)
        key = PostKey(package_id, question_id, answer_id)
        row = await self._package_questions.lock_answer(key)
        return self._post(staff, author, row, {"question_id": question_id})

    async def _author(
        self, caller: Bearer, query: RowQuery[User], topic_id: UUID, post_id: UUID
    ) -> tuple[User, User]:
        """The account of the caller, and that of the author of a question or an answer."""
        keys = {"topic_id": topic_id, "post_id": post_id}
        staff, accounts = await self._accounts.lock_concerned(caller, query, **keys)
        others = [account for account in accounts.values() if account is not staff]
        return staff, others[0] if others else staff

    def _post(
        self, staff: User, author: User, row: Post, between: Mapping[str, UUID] | None = None
    ) -> HidingTarget:
        staff.demand_rank_over(author)
        kinds = row.events("hidden"), row.events("shown")
        changes, author_id = (row.hide, row.show), row.author_id
        return HidingTarget(row.id, row.topic, author_id, *kinds, *changes, row, between or {})

    def hide(
        self, caller: Bearer, thing: HidingTarget, grounds: RestrictionGrounds | DecidedGrounds
    ) -> None:
        """Hides a thing."""
        self._record(caller, thing.hidden, thing, grounds, changed=thing.hide())

    def show(self, caller: Bearer, thing: HidingTarget, grounds: Grounds | None) -> None:
        """Shows a thing again."""
        self._record(caller, thing.shown, thing, grounds, changed=thing.show())

    def _record(
        self,
        caller: Bearer,
        kind: EventKind,
        thing: HidingTarget,
        grounds: Grounds | None,
        *,
        changed: bool,
    ) -> None:
        if changed:
            facts = grounds.facts if grounds else {}
            self._events.record_within(thing.place, caller.user_id, kind, thing.id, **facts)
        ids = {**thing.place, **thing.between, f"{kind.subject}_id": thing.id}
        self._acts.record(
            HidingAction(f"{kind.subject}_{kind}"),
            caller,
            thing.user_id,
            grounds,
            **{name: str(key) for name, key in ids.items()},
        )
