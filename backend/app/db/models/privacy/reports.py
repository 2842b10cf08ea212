"""Personal data of reports."""

from uuid import UUID

from sqlmodel import SQLModel

from app.db.models.fields import Moment
from app.db.models.privacy import Holding, Personal, Tier, alike
from app.db.models.reported import Reported
from app.db.models.reports import ReportKind, ReportStatus

UNTIL = "90 days after the decision, or the account is deleted"
COUNT_KEPT = "number of reports"
OF_NOTIFIER = "notice of a person without an account, and mails about it"


class ReportExport(SQLModel):
    """A report that the user has made."""

    id: UUID
    subject: Reported
    path: str
    kind: ReportKind
    words: str | None
    status: ReportStatus
    created_at: Moment


HOLDINGS = (
    Holding(
        "reports",
        "reporter_id",
        {
            "words": Personal(Tier.PRIVATE, "report to staff"),
            "created_at": Personal(Tier.PRIVATE, "report to staff", COUNT_KEPT),
        },
        others=(
            *("id", "reporter_id", "subject", "path", "author_id", "kind", "status"),
            *("taker_id", "decisions", "updated_at", "version"),
        ),
        until=UNTIL,
    ),
    Holding(
        "reports",
        "author_id",
        {
            "content": Personal(
                Tier.INTERNAL,
                "copy of a reported thing, for staff; its author sees the beginning in decisions",
            ),
            "decided_at": Personal(Tier.INTERNAL, "expiry of the copy", COUNT_KEPT),
        },
        until=UNTIL,
    ),
    Holding(
        "reports",
        None,
        {
            **alike(
                ("notifier_name", "notifier_email", "notifier_language"),
                Personal(Tier.INTERNAL, OF_NOTIFIER),
            ),
            "reference": Personal(
                Tier.INTERNAL,
                "receipt of a notice, by a keyed hash of the address and the thing",
                "one notice of an address about a thing",
            ),
        },
        until="90 days after the decision",
    ),
)
