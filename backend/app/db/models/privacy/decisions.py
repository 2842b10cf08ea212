"""Personal data of decisions about reports."""

from uuid import UUID

from sqlmodel import SQLModel

from app.db.models.decisions import Measure, Rule
from app.db.models.fields import Moment
from app.db.models.privacy import DELETION, Holding, Personal, Tier, alike
from app.db.models.privacy.reports import COUNT_KEPT


class DecisionExport(SQLModel):
    """A decision about something that the user wrote or showed."""

    id: UUID
    report_id: UUID
    number: int
    measure: Measure
    rule: Rule | None
    law: str | None
    facts: str | None
    made_at: Moment


class AppealExport(SQLModel):
    """An appeal that the user has made."""

    decision_id: UUID
    words: str | None
    made_at: Moment


REASONS = "statement of reasons, for both sides of a report"

HOLDINGS = (
    Holding(
        "decisions",
        "author_id",
        {
            "facts": Personal(Tier.PARTICIPANT, REASONS),
            **alike(
                ("measure", "rule", "law", "made_at"),
                Personal(Tier.PARTICIPANT, REASONS, COUNT_KEPT),
            ),
        },
        others=("id", "report_id", "number", "staff_id", "author_id"),
    ),
    Holding(
        "appeals",
        "user_id",
        {
            "words": Personal(Tier.PRIVATE, "appeal against a decision"),
            "made_at": Personal(Tier.PARTICIPANT, "appeal against a decision", COUNT_KEPT),
        },
        others=("decision_id", "user_id"),
        until=f"{DELETION}; that of a person without an account, 90 days after the decision",
    ),
)
