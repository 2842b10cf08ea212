"""Mails to persons without an account who have given notice.

They are addressed by the email address, and repeat nothing of the notice: its text and the name may
be those of a stranger who has entered the address of another person.
"""

from dataclasses import dataclass
from uuid import UUID

from app.core.catalogues import N_
from app.core.mail import Mail
from app.core.security.keys import Keyring
from app.db.models.decisions import APPEALABLE, MEASURES, REDRESS, Measure
from app.db.models.reported import THINGS
from app.db.models.reports import Report
from app.db.repositories.decisions import DecisionRepository
from app.db.repositories.reports import ReportRepository
from app.postgres.transactions import Transaction
from app.services.decisions import appeal_link
from app.services.letters import Letterhead, LetterWriter, Texts
from app.services.statement_letters import stated

RECEIPT = Texts(
    N_("We have received your notice"),
    [
        N_(
            "Staff decides about it, not a program. The decision with its reasons is mailed to you."
        ),
    ],
    {N_("Reference"): "reference", N_("About"): "thing", N_("Received"): "received_at"},
    notes=[N_("If you have not sent a notice, you can ignore this mail.")],
)
DECIDED = Texts(
    N_("The decision about your notice"),
    [N_("The operator has decided about your notice. A person has decided, not a program.")],
    {
        N_("Reference"): "reference",
        N_("About"): "thing",
        N_("Measure"): "measure",
        N_("Rule"): "rule",
        N_("Law"): "law",
        N_("Facts"): "facts",
        N_("Time"): "made_at",
    },
    notes=[REDRESS],
)
NOTHING_DONE = DECIDED._replace(
    action=N_("Appeal"),
    notes=[APPEALABLE, *DECIDED.notes],
)
"""About a first decision to take no measure."""


@dataclass(frozen=True, slots=True)
class PublicNoticeSender:
    """Writes the mails when they are sent, unless the address has expired.

    Args:
        transaction: The unit of work.
        keyring: Signs the links that appeal.
        letterhead: The market.
    """

    transaction: Transaction
    keyring: Keyring
    letterhead: Letterhead

    async def receipt(self, report_id: UUID) -> list[Mail]:
        """The receipt of a notice (Article 16(4) of the Digital Services Act)."""
        notice = await ReportRepository(self.transaction).find(report_id)
        writer = self._writer(notice)
        if writer is None:
            return []
        received_at = writer.formats.zoned(notice.created_at)
        letter = writer.letter(RECEIPT, received_at=received_at, **_about(writer, notice))
        return [writer.mail(letter)]

    async def decision(self, decision_id: UUID) -> list[Mail]:
        """The decision about a notice (Article 16(5)). With no measure, a link in it appeals."""
        decision = await DecisionRepository(self.transaction).find(decision_id)
        notice = await ReportRepository(self.transaction).find(decision.report_id)
        writer = self._writer(notice)
        if writer is None:
            return []
        can_appeal = decision.measure is Measure.NONE and decision.number == 1
        texts = NOTHING_DONE if can_appeal else DECIDED
        values = {
            **_about(writer, notice),
            "measure": writer.text(MEASURES[decision.measure]),
            "law": decision.law or "",
            **stated(writer, decision.rule, decision.facts, decision.made_at),
        }
        known = {label: name for label, name in texts.facts.items() if values[name]}
        url = appeal_link(self.letterhead.public_url, self.keyring, decision.id)
        return [writer.mail(writer.letter(texts._replace(facts=known), url=url, **values))]

    def _writer(self, notice: Report) -> LetterWriter | None:
        email = notice.notifier_email
        if email is None:
            return None
        return self.letterhead.writer(email, email, notice.notifier_language)


def _about(writer: LetterWriter, notice: Report) -> dict[str, str]:
    """The values by which a notifier recognises a notice."""
    return {"reference": str(notice.reference), "thing": writer.text(THINGS[notice.subject])}
