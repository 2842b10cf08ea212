"""Mails with the statement of reasons to users whose accounts are restricted: they can't log in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.core.catalogues import N_
from app.core.mail import Mail
from app.core.security.keys import Keyring
from app.db.models.decisions import (
    APPEALABLE,
    FINAL,
    MEASURES,
    REDRESS,
    RULES,
    Decision,
    Measure,
    Rule,
)
from app.db.models.kinds.users import UserEvent
from app.db.models.reported import THINGS
from app.db.repositories.decisions import DecisionRepository
from app.db.repositories.events import EventRepository
from app.db.repositories.reports import ReportRepository
from app.db.repositories.users import UserRepository
from app.postgres.transactions import Transaction
from app.services.decisions import appeal_link
from app.services.letters import Letterhead, LetterWriter, Note, Texts

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
        APPEALABLE,
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
DECIDED = Texts(
    N_("A decision about something of yours"),
    [
        N_(
            "The operator has decided about something of yours because of a report. A person has "
            "decided, not a program."
        )
    ],
    {N_("About"): "thing", N_("Measure"): "measure", **BLOCKED.facts},
    action=BLOCKED.action,
    notes=[APPEALABLE, REDRESS],
)
"""About a measure other than a block."""
DECIDED_ON_APPEAL = DECIDED._replace(action="", notes=[FINAL])
NOTHING_DONE = DECIDED_ON_APPEAL._replace(
    facts={label: DECIDED.facts[label] for label in ("About", "Measure", "Facts")}
)
"""About the decision on an appeal to take no measure."""

FACTS = {N_("Rule"): "rule", N_("Facts"): "facts", N_("In force from"): "made_at"}
RESTRICTED: Mapping[UserEvent, Texts] = {
    UserEvent.BLOCKED: Texts(
        BLOCKED.subject,
        [N_("The operator has blocked your account. A person has decided, not a program.")],
        FACTS,
        notes=BLOCKED.notes[:1],
    ),
    UserEvent.DEACTIVATED: Texts(
        N_("Your account was deactivated"),
        [N_("The operator has deactivated your account. A person has decided, not a program.")],
        FACTS,
    ),
}
"""About acts without a report."""

TO_OPERATOR = N_("If you think that this is wrong, write to the operator.")
TO_SENDER = N_("If you think that this is wrong, answer this mail.")


def answering(writer: LetterWriter) -> list[Note]:
    """How to answer a restriction: by the address in the imprint, else that of the mail."""
    head = writer.letterhead
    imprint = Note(writer.text(TO_OPERATOR), f"{head.public_url}/imprint")
    to_operator = imprint if head.has_imprint else Note(writer.text(TO_SENDER))
    return [to_operator, Note(writer.text(REDRESS))]


@dataclass(frozen=True, slots=True)
class StatementSender:
    """Writes the mails when they are sent.

    Args:
        transaction: The unit of work.
        keyring: Signs the links that appeal.
        letterhead: The market.
    """

    transaction: Transaction
    keyring: Keyring
    letterhead: Letterhead

    async def of_decision(self, decision_id: UUID) -> list[Mail]:
        """The mail about a decision to an author who can't log in, unless they are deleted."""
        decision = await DecisionRepository(self.transaction).find(decision_id)
        report = await ReportRepository(self.transaction).find(decision.report_id)
        writer = await self._writer(decision.author_id)
        if writer is None:
            return []
        letter = writer.letter(
            await self._texts(decision),
            url=appeal_link(self.letterhead.public_url, self.keyring, decision.id),
            thing=writer.text(THINGS[report.subject]),
            measure=writer.text(MEASURES[decision.measure]),
            law=decision.law or writer.text(N_("none")),
            **stated(writer, decision.rule, decision.facts, decision.made_at),
        )
        return [writer.mail(letter)]

    async def of_act(self, event_id: UUID) -> list[Mail]:
        """The mail about an act that restricts an account, unless the account was deleted.

        Args:
            event_id: The event of the act.
        """
        act = await EventRepository(self.transaction).find(event_id)
        writer = await self._writer(act.subject_id)
        if writer is None:
            return []
        rule, facts = Rule(act.payload["rule"]), act.payload["reason"]
        values = stated(writer, rule, facts, act.created_at)
        letter = writer.letter(RESTRICTED[UserEvent(act.kind)], *answering(writer), **values)
        return [writer.mail(letter)]

    async def _writer(self, user_id: UUID) -> LetterWriter | None:
        user = await UserRepository(self.transaction).undeleted(user_id)
        if user is None:
            return None
        return self.letterhead.writer(user.email, user.username, user.language)

    async def _texts(self, decision: Decision) -> Texts:
        is_block = decision.measure is Measure.BLOCK
        if decision.number == 1:
            return BLOCKED if is_block else DECIDED
        if not is_block:
            return NOTHING_DONE if decision.measure is Measure.NONE else DECIDED_ON_APPEAL
        first, _ = await DecisionRepository(self.transaction).of_report(decision.report_id)
        return STILL_BLOCKED if first.measure is Measure.BLOCK else BLOCKED_ON_APPEAL


def stated(
    writer: LetterWriter, rule: Rule | None, facts: str | None, made_at: datetime
) -> dict[str, str]:
    """The values of a statement of reasons, in the language of the letter."""
    return {
        "rule": writer.text(RULES[rule]) if rule else "",
        "facts": " ".join((facts or "").split()),
        "made_at": writer.formats.zoned(made_at),
    }
