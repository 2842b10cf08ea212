"""The use cases of decisions about reports, and of appeals against them."""

from contextlib import suppress
from datetime import datetime
from urllib.parse import quote
from uuid import UUID

from app.core.clients import Client
from app.core.raising import raises
from app.core.security.keys import Keyring
from app.core.security.tokens import Bearer
from app.db.models.administration import DecidedGrounds
from app.db.models.decisions import (
    RULES,
    AlreadyAppealed,
    Appeal,
    AppealCreate,
    Decision,
    DecisionCreate,
    DecisionFinal,
    DecisionNotFound,
    Measure,
    NotAppellant,
)
from app.db.models.fields import now
from app.db.models.kinds.decisions import DecisionAction, DecisionEvent, DecisionTask
from app.db.models.kinds.public_notices import PublicNoticeTask
from app.db.models.reports import (
    InvolvedInReport,
    Report,
    ReportDecided,
    ReportNotFound,
    ReportTaken,
)
from app.db.models.users import User, UserNotFound
from app.db.repositories.decisions import DecisionRepository
from app.db.repositories.events import EventRepository
from app.db.repositories.reports import ReportRepository
from app.db.repositories.tasks import TaskRepository
from app.db.repositories.users import UserRepository
from app.postgres.transactions import Transaction
from app.services.measures import Measures
from app.services.staff_acts import StaffActs

APPEALS = "appeals"
"""The purpose of the key of links that appeal."""
ON_APPEAL = "An appeal was decided."


def appeal_token(keyring: Keyring, decision_id: UUID) -> str:
    """The token in a mail about a decision, which appeals against it."""
    return keyring.sign(APPEALS, decision_id.bytes)


def appeal_link(public_url: str, keyring: Keyring, decision_id: UUID) -> str:
    """The link that appeals against a decision. Browsers don't send the part behind ``#``."""
    return f"{public_url}/appeal#token={quote(appeal_token(keyring, decision_id), safe='')}"


class DecisionService:
    """The use cases of decisions.

    The accounts concerned are locked first, then what a measure changes, then the report.

    Args:
        transaction: The unit of work.
        client: The origin of the request.
    """

    def __init__(self, transaction: Transaction, client: Client) -> None:
        self._acts = StaffActs(transaction, client)
        self._decisions = DecisionRepository(transaction)
        self._events = EventRepository(transaction)
        self._measures = Measures(transaction, client)
        self._reports = ReportRepository(transaction)
        self._tasks = TaskRepository(transaction)
        self._users = UserRepository(transaction)

    @raises(ReportNotFound, ReportDecided, ReportTaken, InvolvedInReport, Measures.take)
    async def decide(self, caller: Bearer, report_id: UUID, draft: DecisionCreate) -> Decision:
        """Decides about a report that no other member of staff has, and carries out the measure.

        A decision about an appeal lifts the earlier measure if it has another one.
        """
        report = await self._reports.find(report_id)
        author = facts = None
        with suppress(UserNotFound):  # they would have been erased with the account
            author, facts = await self._measures.lock(caller, report), draft.facts
        # Before the lock, another decision could still be made, and appealed against.
        earlier = await self._decisions.of_report(report_id)
        deciders = [decision.staff_id for decision in earlier]
        report.demand_free(caller.user_id, deciders)
        made_at = await self._change_measure(caller, report, earlier, draft)
        report = await self._reports.lock(report_id)
        report.demand_free(caller.user_id, deciders)
        decision = Decision(
            report_id=report.id,
            number=report.decide(),
            staff_id=caller.user_id,
            author_id=report.author_id,
            **draft.model_dump(exclude={"facts"}),
            facts=facts,
            made_at=made_at,
        )
        self._decisions.add(decision)
        self._record(caller, report, decision, author)
        return decision

    def _record(
        self, caller: Bearer, report: Report, decision: Decision, author: User | None
    ) -> None:
        """Records a decision, and mails it to those who can't log in to read it."""
        report_id = str(decision.report_id)
        self._events.record(caller.user_id, DecisionEvent.MADE, decision.id, report_id=report_id)
        is_locked_out = author and (author.blocked_at or author.inactive_at)
        if is_locked_out and decision.concerns_author:
            self._tasks.enqueue(DecisionTask.BLOCK_STATEMENT, {"decision_id": str(decision.id)})
        if report.reporter_id is None:
            self._tasks.enqueue(PublicNoticeTask.DECISION, {"decision_id": str(decision.id)})
        self._acts.record(
            DecisionAction.REPORT_DECIDED,
            caller,
            decision.author_id,
            None,
            report_id=report_id,
            measure=decision.measure,
        )

    async def _change_measure(
        self, caller: Bearer, report: Report, earlier: list[Decision], draft: DecisionCreate
    ) -> datetime:
        """Lifts or upholds an earlier measure, or takes another, and returns its time."""
        before = earlier[-1].measure if earlier else None
        if before and before is not draft.measure:
            grounds = DecidedGrounds(reason=ON_APPEAL, report_id=report.id)
            await self._measures.lift(caller, report, before, grounds)
        if draft.rule is None:
            return now()
        grounds = DecidedGrounds(reason=RULES[draft.rule], report_id=report.id)
        carry_out = self._measures.uphold if before is draft.measure else self._measures.take
        return await carry_out(caller, report, draft.measure, grounds)

    @raises(DecisionNotFound, NotAppellant, AlreadyAppealed, DecisionFinal)
    async def appeal(self, caller: User, decision_id: UUID, draft: AppealCreate) -> None:
        """Appeals against a decision. The report then waits for another member of staff."""
        decision = await self._decisions.of_side(caller.id, decision_id)
        report = await self._reports.lock(decision.report_id)
        is_author = caller.id == report.author_id
        if is_author is (decision.measure is Measure.NONE):
            raise NotAppellant
        await self._appeal(decision, report, caller.id, draft)

    @raises(DecisionNotFound, AlreadyAppealed, DecisionFinal)
    async def appeal_by_link(self, decision_id: UUID, draft: AppealCreate) -> None:
        """Appeals against a decision by a mailed link.

        Against a measure, it is that of the author, whose account is blocked; against none, that of
        a notifier, who has no account. A link of an account that was deleted is void.
        """
        decision = await self._decisions.find(decision_id)
        report = await self._reports.find(decision.report_id)
        is_against_none = decision.measure is Measure.NONE
        appellant_id = report.reporter_id if is_against_none else decision.author_id
        if appellant_id and await self._users.lock_undeleted(appellant_id) is None:
            raise DecisionNotFound
        report = await self._reports.lock(report.id)
        await self._appeal(decision, report, appellant_id, draft)

    async def _appeal(
        self, decision: Decision, report: Report, user_id: UUID | None, draft: AppealCreate
    ) -> None:
        decision.demand_appealable()
        await self._decisions.add_appeal(
            Appeal(decision_id=decision.id, user_id=user_id, words=draft.words)
        )
        report.reopen()
        self._events.record(user_id, DecisionEvent.APPEALED, decision.id)
