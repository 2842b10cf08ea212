"""Measures of staff: carried out and lifted by the use cases of hiding and of administration."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime

from app.core.clients import Client
from app.core.errors import NotFound
from app.core.raising import raises
from app.core.security.tokens import Bearer
from app.db.models.administration import DecidedGrounds
from app.db.models.decisions import Measure, MeasureNotPossible
from app.db.models.fields import now
from app.db.models.questions import QuestionDeleted
from app.db.models.reported import UNHIDEABLE, Reported, reported
from app.db.models.reports import Report
from app.db.models.users import User, UserNotFound
from app.db.repositories.administration import AdministrationRepository
from app.db.repositories.decisions import DecisionRepository
from app.db.repositories.hiding import SIDES
from app.postgres.transactions import Transaction
from app.services.administration import AdministrationService
from app.services.hiding import HidingService, HidingTarget
from app.services.photo_hiding import PhotoHidingService
from app.services.staff_acts import StaffActs

Lock = Callable[..., Awaitable[HidingTarget]]


class Measures:
    """Carries out and lifts measures about the thing of a report, or its author.

    Args:
        transaction: The unit of work.
        client: The origin of the request.
    """

    def __init__(self, transaction: Transaction, client: Client) -> None:
        self._accounts = AdministrationService(transaction, client)
        self._acts = StaffActs(transaction, client)
        self._decisions = DecisionRepository(transaction)
        self._hiding = HidingService(transaction, client)
        self._locks = AdministrationRepository(transaction)
        self._photos = PhotoHidingService(transaction, client)

    @raises(UserNotFound)
    async def lock(self, caller: Bearer, report: Report) -> User:
        """Locks the accounts that a measure may concern, all in one order.

        Returns:
            That of the author.

        Raises:
            UserNotFound: That of the author was deleted. Those that are left are locked.
        """
        subject, parts = reported(report.path)
        if subject is Reported.EVALUATION:
            ids = {name: parts[name] for name in ("cleaning_id", "evaluation_id")}
            await self._locks.lock_concerned(caller, SIDES, **ids)
        _, author = await self._locks.lock(caller, report.author_id)
        return author

    @raises(
        StaffActs.lock,
        HidingService.cleaning,
        HidingService.offer,
        HidingService.evaluation,
        HidingService.question,
        HidingService.answer,
        HidingService.package,
        HidingService.package_question,
        HidingService.package_answer,
        PhotoHidingService.lock,
        MeasureNotPossible,
    )
    async def take(
        self, caller: Bearer, report: Report, measure: Measure, grounds: DecidedGrounds
    ) -> datetime:
        """Carries out a measure, and returns the time from which on it is in force.

        That of a block, or of hiding, is the time of the block or the hiding itself, by which
        `lift` recognises it.
        """
        if measure is Measure.BLOCK:
            return await self._block(caller, report, grounds)
        if measure is Measure.HIDE:
            return await self._hide(caller, report, grounds)
        if measure is Measure.WARN:
            await self._acts.lock(caller, report.author_id)
        return now()

    async def uphold(
        self, caller: Bearer, report: Report, measure: Measure, grounds: DecidedGrounds
    ) -> datetime:
        """Carries out a measure once more, which may have been lifted meanwhile.

        What is gone meanwhile can't be hidden again, and needs not be.
        """
        with suppress(NotFound, QuestionDeleted):
            return await self.take(caller, report, measure, grounds)
        return now()

    async def lift(
        self, caller: Bearer, report: Report, measure: Measure, grounds: DecidedGrounds
    ) -> None:
        """Lifts a measure, unless the decision about another report has taken it, too.

        What is gone meanwhile can't be shown again, and needs not be. A measure that was taken for
        another reason than a report stays.
        """
        with suppress(NotFound, QuestionDeleted):
            if measure is Measure.BLOCK:
                author = await self._acts.lock(caller, report.author_id)
                if await self._ends(report, measure, author.blocked_at):
                    await self._accounts.unblock(caller, author.id, grounds)
            elif measure is Measure.HIDE:
                await self._show(caller, report, grounds)

    async def _ends(self, report: Report, measure: Measure, since: datetime | None) -> bool:
        """Whether a measure is no longer needed without the decision about a report.

        A decision from before it has taken an earlier one, which staff has lifted.

        Args:
            report: The report.
            measure: The measure.
            since: The time from which on it is in force; None if it is not.
        """
        if since is None:
            return False
        taken = await self._decisions.taken(report, measure)
        is_of_report = since in {decision.made_at for decision in taken}
        return is_of_report and not any(it.stands and it.made_at >= since for it in taken)

    async def _block(self, caller: Bearer, report: Report, grounds: DecidedGrounds) -> datetime:
        author = await self._acts.lock(caller, report.author_id)
        before = author.blocked_at
        await self._accounts.block(caller, author.id, grounds)
        return _taken_at(before, author.blocked_at)

    async def _hide(self, caller: Bearer, report: Report, grounds: DecidedGrounds) -> datetime:
        subject, parts = reported(report.path)
        if subject in UNHIDEABLE:
            raise MeasureNotPossible
        if subject is Reported.PHOTO:
            photo = await self._photos.lock(caller, parts["upload_id"])
            before = photo.held.upload.hidden_at
            self._photos.hide(caller, photo, grounds)
            return _taken_at(before, photo.held.upload.hidden_at)
        thing = await self._lock(caller, report)
        before = thing.row.hidden_at
        self._hiding.hide(caller, thing, grounds)
        return _taken_at(before, thing.row.hidden_at)

    async def _show(self, caller: Bearer, report: Report, grounds: DecidedGrounds) -> None:
        subject, parts = reported(report.path)
        if subject is Reported.PHOTO:
            photo = await self._photos.lock(caller, parts["upload_id"])
            if await self._ends(report, Measure.HIDE, photo.held.upload.hidden_at):
                self._photos.show(caller, photo, grounds)
        else:
            thing = await self._lock(caller, report)
            if await self._ends(report, Measure.HIDE, thing.row.hidden_at):
                self._hiding.show(caller, thing, grounds)

    async def _lock(self, caller: Bearer, report: Report) -> HidingTarget:
        subject, parts = reported(report.path)
        hiding = self._hiding
        locks: dict[Reported, Lock] = {
            Reported.CLEANING: hiding.cleaning,
            Reported.OFFER: hiding.offer,
            Reported.EVALUATION: hiding.evaluation,
            Reported.QUESTION: hiding.question,
            Reported.ANSWER: hiding.answer,
            Reported.PACKAGE: hiding.package,
            Reported.PACKAGE_QUESTION: hiding.package_question,
            Reported.PACKAGE_ANSWER: hiding.package_answer,
        }
        return await locks[subject](caller, **parts)


def _taken_at(before: datetime | None, since: datetime | None) -> datetime:
    """The time of a decision that takes a measure.

    Args:
        before: The time from which on the measure was in force before it; None if it was not.
        since: The time from which on it is in force.
    """
    return since if since and before is None else now()
