"""Decisions about reports, with their statements of reasons, and appeals against them.

A decision states what Article 17 of Regulation (EU) 2022/2065 (Digital Services Act) demands: the
measure, the facts, the rule or the law, how to appeal (Article 20), and the other ways of redress.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import model_validator
from sqlalchemy import CheckConstraint, Index, UniqueConstraint, or_
from sqlalchemy import text as sql
from sqlmodel import Field, SQLModel

from app.core.catalogues import N_
from app.core.errors import Conflict, Forbidden, NotFound
from app.db.models.events import Event, fact
from app.db.models.fields import Input, Moment, choice, id_field, line, moment_field, now, text
from app.db.models.kinds.decisions import DecisionEvent
from app.db.models.links import LinkToken
from app.db.models.reported import ReportedThing
from app.postgres.rows import Row
from app.postgres.statements import col, inline

APPEAL_WITHIN = timedelta(days=14)
"""How long after a decision an appeal can be made."""

Facts = Annotated[str, text(2000, shortest=1)]
AppealWords = Annotated[str, text(2000, shortest=1)]
Law = Annotated[str, line(200)]


class Measure(StrEnum):
    """What staff does about a reported thing or its author."""

    NONE = "none"
    WARN = "warn"
    HIDE = "hide"
    BLOCK = "block"


class Rule(StrEnum):
    """A rule of the market."""

    SPAM = "spam"
    FRAUD = "fraud"
    CONTACT_DETAILS = "contact_details"
    OFFENSIVE = "offensive"
    UNSAFE = "unsafe"
    TERMS = "terms"
    ILLEGAL = "illegal"


MarketRule = Literal["spam", "fraud", "contact_details", "offensive", "unsafe", "terms"]
"""A rule that names no law."""

RULES = {
    Rule.SPAM: N_("Advertising and repeated content are not allowed."),
    Rule.FRAUD: N_("Deception and attempts at fraud are not allowed."),
    Rule.CONTACT_DETAILS: N_("Contact details and payments outside the market are not allowed."),
    Rule.OFFENSIVE: N_("Insults, threats, hatred and sexual content are not allowed."),
    Rule.UNSAFE: N_("Nothing may put the safety of people at risk."),
    Rule.TERMS: N_("The terms of use must be followed."),
    Rule.ILLEGAL: N_("Illegal content is not allowed."),
}
"""The sentences of the rules."""

MEASURES = {
    Measure.NONE: N_("No measure"),
    Measure.WARN: N_("Warning"),
    Measure.HIDE: N_("Hidden"),
    Measure.BLOCK: N_("Account blocked"),
}
"""The words for the measures."""


APPEALABLE = N_("You can appeal for 14 days. Another member of staff decides again.")

REDRESS = N_("You can also go to a court or to a certified dispute settlement body.")
"""The ways of redress besides an appeal (Articles 16(5) and 17(3)(f))."""

FINAL = N_(
    "This decision about an appeal is final here. You can still go to a court or to a certified "
    "dispute settlement body."
)
"""The same of a decision about an appeal."""


class DecisionNotFound(NotFound):
    code = "decision_not_found"
    detail = "Decision not found."


class MeasureNotPossible(Conflict):
    code = "measure_not_possible"
    detail = "Messages and profiles can't be hidden. Warn their author, or block the account."


class NotAppellant(Forbidden):
    code = "not_appellant"
    detail = "Only the side that a decision is against can appeal."


class AlreadyAppealed(Conflict):
    code = "already_appealed"
    detail = "An appeal against this decision was made already."


class DecisionFinal(Conflict):
    code = "decision_final"
    detail = (
        f"An appeal can be made for {APPEAL_WITHIN.days} days, and not against the decision about "
        "an appeal."
    )


class Decision(Row, table=True):
    """A decision about a report; the second one of a report is about an appeal.

    No member of staff decides about a report twice. The facts are null once the account of the
    author is deleted. A decision that has hidden the thing, or blocked the account, has the time
    from which on it is hidden or blocked.
    """

    __tablename__ = "decisions"
    __table_args__ = (
        UniqueConstraint("report_id", "number"),
        UniqueConstraint("report_id", "staff_id"),
        CheckConstraint("number IN (1, 2)", name="number"),
        CheckConstraint("staff_id <> author_id", name="staff"),
        CheckConstraint("(measure = 'none') = (rule IS NULL)", name="reason"),
        CheckConstraint("(law IS NOT NULL) = (coalesce(rule, '') = 'illegal')", name="law"),
        Index("ix_decisions_author_id", "author_id", "id"),  # an author's list
    )

    id: UUID = id_field()
    report_id: UUID = Field(foreign_key="reports.id")
    number: int
    staff_id: UUID = Field(foreign_key="users.id")
    author_id: UUID = Field(foreign_key="users.id")
    measure: Measure = Field(sa_type=choice(Measure, "measure"))
    rule: Rule | None = Field(sa_type=choice(Rule, "rule"))
    law: str | None
    facts: str | None
    made_at: datetime = moment_field(default_factory=now)

    @property
    def concerns_author(self) -> bool:
        """Whether the author of the reported thing gets it: not if nothing was ever done."""
        return self.measure is not Measure.NONE or self.number > 1

    def demand_appealable(self) -> None:
        """Refuses appeals that come too late, and such against a decision about an appeal.

        Raises:
            DecisionFinal: It can't be appealed against.
        """
        if self.number > 1 or self.made_at + APPEAL_WITHIN <= now():
            raise DecisionFinal


IS_MEASURE = col(Decision.measure) != inline(Measure.NONE)
CONCERNS_AUTHOR = or_(IS_MEASURE, col(Decision.number) > inline(1))
"""Whether the author of the reported thing gets the decision: not if nothing was ever done."""
IS_TOLD = or_(col(Event.subject) == inline(DecisionEvent.subject), fact("report_id").is_(None))
"""Whether an event is told by itself: an act that carries out a decision is told with that."""


class Appeal(Row, table=True):
    """An appeal against a decision.

    The words are null once its account is deleted. An appeal of a notifier has no account; its
    words expire with the copy of the report.
    """

    __tablename__ = "appeals"
    __table_args__ = (
        Index("ix_appeals_user_id", "user_id"),  # for export and erasure
        Index(  # housekeeping
            "ix_appeals_of_notifiers",
            "decision_id",
            postgresql_where=sql("user_id IS NULL AND words IS NOT NULL"),
        ),
    )

    decision_id: UUID = Field(primary_key=True, foreign_key="decisions.id")
    user_id: UUID | None = Field(foreign_key="users.id")
    words: str | None
    made_at: datetime = moment_field(default_factory=now)


class DecisionCreate(Input):
    """A decision with its statement of reasons."""

    measure: Measure = Field(schema_extra={"examples": ["none"]})
    rule: Rule | None = Field(
        default=None,
        description="The rule that was broken; null for the measure `none` only",
        schema_extra={"examples": ["fraud"]},
    )
    law: Law | None = Field(
        default=None,
        description="The law that was broken, for the rule `illegal` only",
        schema_extra={"examples": [None]},
    )
    facts: Facts = Field(
        description="The facts and circumstances. Both sides read them: without personal data",
        schema_extra={"examples": ["The text asks for a payment before the work."]},
    )

    @model_validator(mode="after")
    def demand_ground(self) -> Self:
        """Refuses a measure without a rule, and illegal content without a law."""
        if (self.measure is Measure.NONE) != (self.rule is None):
            raise ValueError("a measure needs the rule that was broken, and only a measure has one")
        if (self.rule is Rule.ILLEGAL) != (self.law is not None):
            raise ValueError("illegal content needs the law that was broken, nothing else has one")
        return self


class AppealCreate(Input):
    """An appeal."""

    words: AppealWords = Field(
        description="Why the decision is wrong",
        schema_extra={"examples": ["The text is about a deposit that the law allows."]},
    )


class LinkedAppeal(AppealCreate, LinkToken):
    """An appeal by the link in the mail about a decision, and its token."""


class AppealPublic(SQLModel):
    """An appeal against a decision."""

    words: str | None = Field(description="Shown to the side that has made it, and to staff")
    made_at: Moment


class DecisionPublic(ReportedThing):
    """A decision with its statement of reasons, as both sides of the report see it."""

    id: UUID
    report_id: UUID
    number: int = Field(description="2 for the decision about an appeal")
    excerpt: str | None = Field(
        description="The beginning of the copy of the thing, for its author only; null 90 days "
        "after the decision"
    )
    measure: Measure
    rule: Rule | None = Field(description="The rule that was broken")
    law: str | None = Field(description="The law that was broken")
    facts: str | None = Field(
        description="Null once the account of the author is deleted",
        schema_extra={"examples": ["The text asks for a payment before the work."]},
    )
    automated: bool = Field(
        description="Whether it was made, or the thing was found, by automated means: never. All "
        "decisions are those of people, about a report"
    )
    made_at: Moment = Field(description="The measure is in force from then on, until it is lifted")
    appeal_until: Moment | None = Field(
        description="Until when the caller can appeal; null if they can't. Both sides can also go "
        "to a court or to a certified out-of-court dispute settlement body"
    )
    appeal: AppealPublic | None
