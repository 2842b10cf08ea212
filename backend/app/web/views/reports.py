"""Reports and decisions on pages."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, TypeAdapter

from app.core.catalogues import N_
from app.db.models.decisions import FINAL, MEASURES, REDRESS, RULES, Measure, Rule
from app.db.models.photos import MESSAGE_PATH
from app.db.models.reported import THINGS, UNHIDEABLE, Reported, reported
from app.db.models.reports import ReportKind, ReportStatus
from app.web.forms import LABELS
from app.web.views.people import Named

KINDS = {
    ReportKind.SPAM: N_("Advertising or repeated content"),
    ReportKind.FRAUD: N_("Deception or fraud"),
    ReportKind.CONTACT_DETAILS: N_("Contact details or payments outside the market"),
    ReportKind.OFFENSIVE: N_("Insults, threats, hatred or sexual content"),
    ReportKind.UNSAFE: N_("A danger to people"),
    ReportKind.MINORS: N_("Harm to children or young people"),
    ReportKind.ILLEGAL: N_("Illegal content"),
    ReportKind.OTHER: N_("Something else"),
}
STATES = {
    ReportStatus.WAITING: N_("Waiting"),
    ReportStatus.TAKEN: N_("Taken"),
    ReportStatus.DECIDED: N_("Decided"),
}
LABELED = (
    *("name", "username", "full_name", "bio", "description", "price", "currency", "area"),
    *("message", "text", "overall_rating", "headline", "comment"),
)
COPIED = {name: LABELS[name] for name in LABELED} | {
    "bio": N_("About the person"),
    "image": N_("Address of a picture"),
}
"""The labels of the parts of a copy, in the order in which they are shown."""


JOB, PACKAGE = "/jobs/{cleaning_id}", "/packages/{package_id}"
PAGES = {
    Reported.CLEANING: JOB,
    Reported.OFFER: JOB,
    Reported.EVALUATION: JOB,
    Reported.QUESTION: f"{JOB}/questions",
    Reported.ANSWER: f"{JOB}/questions",
    Reported.PACKAGE: PACKAGE,
    Reported.PACKAGE_QUESTION: f"{PACKAGE}/questions",
    Reported.PACKAGE_ANSWER: f"{PACKAGE}/questions",
    Reported.MESSAGE: "/messages/{cleaning_id}/{cleaner_id}",
    Reported.PROFILE: "/people/{user_id}",
}
"""The pages of things, or of the jobs and packages that they belong to. A photo has none."""
POSTS = frozenset(kind for kind, page in PAGES.items() if page.endswith("/questions"))
"""Questions and answers."""


class Thing(BaseModel):
    """The thing that a report is about."""

    subject: Reported
    path: str
    name: str | None

    @property
    def thing(self) -> str:
        """Its kind, to be translated."""
        return THINGS[self.subject]

    @property
    def page(self) -> str | None:
        """The page of it; None if there is none, or the viewer can't see it now."""
        subject, parts = reported(self.path)
        return PAGES[subject].format(**parts) if self.name and subject in PAGES else None


class Appeal(BaseModel):
    """An appeal against a decision."""

    words: str | None
    made_at: datetime


class Decision(Thing):
    """A decision with its statement of reasons."""

    id: UUID
    number: int
    excerpt: str | None
    measure: Measure
    rule: Rule | None
    law: str | None
    facts: str | None
    made_at: datetime
    appeal_until: datetime | None
    appeal: Appeal | None

    @property
    def outcome(self) -> str:
        """The measure, to be translated."""
        return MEASURES[self.measure]

    @property
    def redress(self) -> str:
        """The ways of redress besides an appeal, to be translated."""
        return FINAL if self.number > 1 else REDRESS

    @property
    def ground(self) -> str | None:
        """The rule that was broken, to be translated."""
        return self.rule and RULES[self.rule]


class ReportWords(Thing):
    """The kind of a report, and the thing that it is about."""

    id: UUID
    kind: ReportKind
    status: ReportStatus
    created_at: datetime

    @property
    def problem(self) -> str:
        """What is wrong with it, to be translated."""
        return KINDS[self.kind]

    @property
    def state(self) -> str:
        """The state, to be translated."""
        return STATES[self.status]


class Report(ReportWords):
    """A report of the viewer."""

    words: str | None
    decisions: list[Decision]


class QueuedReport(ReportWords):
    """A report in staff's queue."""

    author: Named
    taker_id: UUID | None
    appealed: bool
    reference: UUID | None


class Notifier(BaseModel):
    """A person without an account who has given notice."""

    name: str
    email: str


class Case(QueuedReport):
    """A report as staff sees it."""

    reporter: Named | None
    notifier: Notifier | None
    words: str | None
    content: dict[str, Any] | None
    decisions: list[Decision]

    @property
    def measures(self) -> dict[Measure, str]:
        """The measures that are possible, with the words for them."""
        hideable = self.subject not in UNHIDEABLE
        return {it: text for it, text in MEASURES.items() if hideable or it is not Measure.HIDE}

    @property
    def copied(self) -> list[tuple[str, str]]:
        """The parts of the copy that have a value: their labels, to be translated, and values."""
        content = self.content or {}
        return [(label, str(content[name])) for name, label in COPIED.items() if content.get(name)]

    @property
    def photo(self) -> str | None:
        """The path of the copied photo, or of the picture of a profile."""
        content = self.content or {}
        photo = content if self.subject is Reported.PHOTO else content.get("picture") or {}
        return photo.get("url")

    @property
    def versions(self) -> str | None:
        """The page of all versions of a question or an answer; None for other things."""
        path = self.path.replace("/cleanings/", "/jobs/")
        return f"/staff{path}/versions" if self.subject in POSTS else None

    @property
    def has_thread(self) -> bool:
        """Whether it is about a message, or about a photo of one."""
        is_of_message = self.photo is not None and self.photo.startswith(MESSAGE_PATH)
        return self.subject is Reported.MESSAGE or is_of_message


REPORTS = TypeAdapter(list[Report])
QUEUE = TypeAdapter(list[QueuedReport])
DECISIONS = TypeAdapter(list[Decision])
