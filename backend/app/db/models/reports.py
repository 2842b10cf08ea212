"""Reports: what users and visitors tell staff about things that others wrote or showed."""

from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from app.core.errors import Conflict, IllegalMove, NotFound
from app.db.models.decisions import DecisionPublic
from app.db.models.fields import Input, Moment, choice, id_field, moment_field, now, text
from app.db.models.pages import PageParameters
from app.db.models.profiles import ProfilePublic
from app.db.models.reported import Reported, ReportedPath, ReportedThing
from app.db.models.versioned import Tagged, Versioned

COPY_KEPT_FOR = timedelta(days=90)
"""How long the copy of a reported thing is kept after the decision."""

ReportWords = Annotated[str, text(2000, shortest=1)]
"""What is wrong with a reported thing, in the words of the reporter."""


class ReportKind(StrEnum):
    """What is wrong with a reported thing."""

    SPAM = "spam"
    FRAUD = "fraud"
    CONTACT_DETAILS = "contact_details"
    OFFENSIVE = "offensive"
    UNSAFE = "unsafe"
    MINORS = "minors"
    ILLEGAL = "illegal"
    OTHER = "other"


class ReportStatus(StrEnum):
    """The state of a report."""

    WAITING = "waiting"
    TAKEN = "taken"
    DECIDED = "decided"


UNDECIDED = [ReportStatus.WAITING, ReportStatus.TAKEN]


class ReportNotFound(NotFound):
    code = "report_not_found"
    detail = "Report not found."


class ReportedNotFound(NotFound):
    code = "reported_not_found"
    detail = "There is nothing that you can see at this path."


class ReportedBefore(Conflict):
    code = "reported_before"
    detail = "You have reported this already."


class OwnContent(Conflict):
    code = "own_content"
    detail = "This is your own. Delete or change it instead."


class ReportDecided(IllegalMove):
    thing = "report"
    code = "report_decided"
    detail = "The report was decided."


class ReportTaken(Conflict):
    code = "report_taken"
    detail = "Another member of staff has taken the report."


class InvolvedInReport(Conflict):
    code = "involved_in_report"
    detail = "You made this report, wrote what it is about, or made the decision appealed against."


class Report(Versioned, table=True):
    """A report.

    The copy of the thing and the words are null once they have expired, or the account of the
    author or of the reporter is deleted. A notice is a report without a reporter: it has a
    reference, and the name and the address of its notifier, who has no account, until they expire;
    about harm to minors, it may have neither.
    """

    __tablename__ = "reports"
    __table_args__ = (
        UniqueConstraint("reporter_id", "path"),
        CheckConstraint("author_id <> reporter_id", name="sides"),
        CheckConstraint(
            "num_nonnulls(reporter_id, notifier_email) BETWEEN "
            "(status <> 'decided' AND kind <> 'minors')::int AND 1",
            name="reporter",
        ),
        CheckConstraint("num_nonnulls(reporter_id, reference) = 1", name="reference"),
        CheckConstraint("num_nonnulls(notifier_name, notifier_email) <> 1", name="notifier"),
        CheckConstraint(
            "notifier_language IS NULL OR notifier_email IS NOT NULL", name="notifier_language"
        ),
        CheckConstraint("(status = 'taken') = (taker_id IS NOT NULL)", name="taken"),
        CheckConstraint("taker_id NOT IN (author_id, reporter_id)", name="taker"),
        CheckConstraint("(status = 'decided') = (decided_at IS NOT NULL)", name="decided_at"),
        CheckConstraint(
            "decisions BETWEEN (status = 'decided')::int AND 1 + (status = 'decided')::int",
            name="decisions",
        ),
        Index("ix_reports_reporter_id", "reporter_id", "id"),  # a reporter's list
        Index("ix_reports_author_id", "author_id"),  # those about an author, for erasure
        Index("ix_reports_status", "status", "id"),  # staff's queue, the oldest first
        Index("uq_reports_reference", "reference", unique=True),  # one notice per address and thing
        Index(  # notices about a thing that were not decided yet
            "ix_reports_path",
            "path",
            postgresql_where=sql("reporter_id IS NULL AND decisions = 0"),
        ),
        Index(  # housekeeping
            "ix_reports_decided_at",
            "decided_at",
            postgresql_where=sql(
                "content IS NOT NULL OR words IS NOT NULL OR notifier_email IS NOT NULL"
            ),
        ),
    )

    id: UUID = id_field()
    reporter_id: UUID | None = Field(default=None, foreign_key="users.id")
    subject: Reported = Field(sa_type=choice(Reported, "subject"))
    path: str
    author_id: UUID = Field(foreign_key="users.id")
    kind: ReportKind = Field(sa_type=choice(ReportKind, "kind"))
    words: str | None
    content: dict[str, Any] | None = Field(sa_type=JSONB(none_as_null=True))
    status: ReportStatus = Field(
        default=ReportStatus.WAITING, sa_type=choice(ReportStatus, "status")
    )
    taker_id: UUID | None = Field(default=None, foreign_key="users.id")
    decisions: int = 0
    decided_at: datetime | None = moment_field(default=None)
    reference: UUID | None = None
    notifier_name: str | None = None
    notifier_email: str | None = None
    notifier_language: str | None = None

    def demand_free(self, staff_id: UUID, deciders: Collection[UUID]) -> None:
        """Refuses members of staff who can't take the report.

        Args:
            staff_id: The member of staff.
            deciders: Those who have decided about it before.

        Raises:
            ReportDecided: It waits for no decision.
            ReportTaken: Another member of staff has it.
            InvolvedInReport: The member of staff must not decide about it.
        """
        ReportDecided.unless(self.status, UNDECIDED, "taken")
        if self.taker_id not in {None, staff_id}:
            raise ReportTaken
        if staff_id in {self.author_id, self.reporter_id, *deciders}:
            raise InvolvedInReport

    def take(self, staff_id: UUID) -> bool:
        """Gives the report to a member of staff, and returns whether it was waiting."""
        return self.take_over({"status": ReportStatus.TAKEN, "taker_id": staff_id})

    def release(self) -> bool:
        """Has the report wait again, and returns whether it was taken.

        Raises:
            ReportDecided: It waits for no decision.
        """
        ReportDecided.unless(self.status, UNDECIDED, "released")
        return self.take_over({"status": ReportStatus.WAITING, "taker_id": None})

    def decide(self) -> int:
        """Ends the report, until an appeal, and returns the number of the decision."""
        self.take_over(
            {
                "status": ReportStatus.DECIDED,
                "taker_id": None,
                "decisions": self.decisions + 1,
                "decided_at": now(),
            }
        )
        return self.decisions

    def reopen(self) -> None:
        """Has the report wait for the decision about an appeal."""
        self.take_over({"status": ReportStatus.WAITING, "decided_at": None})


class ReportCreate(Input):
    """A new report."""

    path: ReportedPath = Field(
        description="The path of the thing in this API, without `/api/v1`: that of a job, an "
        "offer, a question, an answer, a package or a message; "
        "`/cleanings/{id}/bookings/{id}/evaluations/{id}`, `/uploads/{id}` of a photo, or "
        "`/profiles/{id}` with the id of the user",
        schema_extra={"examples": ["/profiles/018f0d2c-6f0e-7d33-8a56-0242ac120002"]},
    )
    kind: ReportKind = Field(schema_extra={"examples": ["fraud"]})
    words: ReportWords = Field(
        description="What is wrong with it",
        schema_extra={"examples": ["Asks for money in advance."]},
    )


class ReportFields(ReportedThing):
    """What reporters and staff see of a report."""

    id: UUID
    kind: ReportKind
    status: ReportStatus = Field(description="An appeal has a `decided` report wait again")
    created_at: Moment


class ReportPublic(ReportFields, Tagged):
    """A report as its reporter sees it."""

    words: str | None = Field(description="Null 90 days after the decision")
    decisions: list[DecisionPublic] = Field(description="The second one is about an appeal")


class ReportFilters(PageParameters):
    """Filters of staff's queue."""

    status: ReportStatus = ReportStatus.WAITING
    kind: ReportKind | None = None
    reference: UUID | None = Field(
        default=None, description="That of the receipt of a notice, which may be in any state"
    )


class ReportInQueue(ReportFields):
    """A report in staff's queue."""

    author: ProfilePublic = Field(description="Who wrote or showed the thing")
    taker_id: UUID | None = Field(description="The member of staff who has taken it")
    appealed: bool = Field(description="Whether it is about an appeal, for another member of staff")
    reference: UUID | None = Field(
        description="That of the receipt of a notice, by a person without an account; else null"
    )


class Notifier(SQLModel):
    """A person without an account who has given notice."""

    name: str
    email: str


class ReportForStaff(ReportInQueue, Tagged):
    """A report as staff sees it."""

    reporter: ProfilePublic | None = Field(description="Null for a notice")
    notifier: Notifier | None = Field(
        description="Who has given notice; null for a report, for an anonymous notice, and 90 days "
        "after the decision"
    )
    words: str | None = Field(description="Null 90 days after the decision")
    content: dict[str, Any] | None = Field(
        description="A copy of the thing, as the reporter saw it; null 90 days after the decision",
        schema_extra={"examples": [{"text": "Pay me in advance."}]},
    )
    decisions: list[DecisionPublic]
