"""Kinds that belong to questions about packages, and to answers to them."""

from app.db.models.kinds import EventKind


class PackageQuestionEvent(EventKind, subject="package_question", table="package_posts"):
    """Events of a question about a package."""

    CREATED = "created"
    EDITED = "edited"
    DELETED = "deleted"
    HIDDEN = "hidden"
    SHOWN = "shown"


class PackageAnswerEvent(EventKind, subject="package_answer", table="package_posts"):
    """Events of an answer to a question about a package."""

    CREATED = "created"
    EDITED = "edited"
    DELETED = "deleted"
    HIDDEN = "hidden"
    SHOWN = "shown"
