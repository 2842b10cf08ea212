"""Mails with the statement of reasons to users whose accounts are blocked, who can't log in."""

from dataclasses import dataclass
from uuid import UUID

from app.core.catalogues import N_
from app.core.mail import Mail
from app.core.security.keys import Keyring
from app.db.models.decisions import FINAL, REDRESS, RULES, Decision, Measure
from app.db.repositories.decisions import DecisionRepository
from app.db.repositories.users import UserRepository
from app.postgres.transactions import Transaction
from app.services.decisions import appeal_link
from app.services.letters import Letterhead, Texts

BLOCKED = Texts(
    N_("Your account was blocked"),
    [
        N_(
            "The operator has blocked your account because of a report. A person has decided, not "
            "a program."
        )
    ],
    {
        N_("Rule"): "rule",
        N_("Law"): "law",
        N_("Facts"): "facts",
        N_("In force from"): "made_at",
    },
    action=N_("Appeal"),
    notes=[
        N_("The block is in force until it is lifted."),
        N_("You can appeal for 14 days. Another member of staff decides again."),
        REDRESS,
    ],
)
STILL_BLOCKED = BLOCKED._replace(
    subject=N_("Your account stays blocked"),
    action="",
    notes=[BLOCKED.notes[0], FINAL],
)
"""About the decision on an appeal against a block."""
BLOCKED_ON_APPEAL = STILL_BLOCKED._replace(subject=BLOCKED.subject)
"""About the decision on an appeal against another measure, or against none."""


@dataclass(frozen=True, slots=True)
class DecisionSender:
    """Writes the mails when they are sent.

    Args:
        transaction: The unit of work.
        keyring: Signs the links that appeal.
        letterhead: The market.
    """

    transaction: Transaction
    keyring: Keyring
    letterhead: Letterhead

    async def write(self, decision_id: UUID) -> list[Mail]:
        """The mail about a decision that blocks an account, unless the account was deleted."""
        decision = await DecisionRepository(self.transaction).find(decision_id)
        user = await UserRepository(self.transaction).undeleted(decision.author_id)
        if user is None or decision.measure is not Measure.BLOCK or decision.rule is None:
            return []
        writer = self.letterhead.writer(user.email, user.username, user.language)
        letter = writer.letter(
            await self._texts(decision),
            url=appeal_link(self.letterhead.public_url, self.keyring, decision.id),
            rule=writer.text(RULES[decision.rule]),
            law=decision.law or writer.text(N_("none")),
            facts=" ".join((decision.facts or "").split()),
            made_at=writer.formats.zoned(decision.made_at),
        )
        return [writer.mail(letter)]

    async def _texts(self, decision: Decision) -> Texts:
        if decision.number == 1:
            return BLOCKED
        first, _ = await DecisionRepository(self.transaction).of_report(decision.report_id)
        return STILL_BLOCKED if first.measure is Measure.BLOCK else BLOCKED_ON_APPEAL
