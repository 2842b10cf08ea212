"""Kinds that belong to questions and answers."""

from app.db.models.kinds import AuditAction, EventKind, Scope


class QuestionEvent(EventKind, subject="question", table="cleaning_posts"):
    """Events of a question about a job."""

    CREATED = "created"
    EDITED = "edited"
    DELETED = "deleted"
    HIDDEN = "hidden"
    SHOWN = "shown"


class AnswerEvent(EventKind, subject="answer", table="cleaning_posts"):
    """Events of an answer to a question about a job."""

    CREATED = "created"
    EDITED = "edited"
    DELETED = "deleted"
    HIDDEN = "hidden"
    SHOWN = "shown"


class QuestionScope(Scope):
    """Scopes of questions and answers."""

    READ = "read:questions"
    WRITE = "write:questions"


class VersionAction(AuditAction):
    """Acts of staff on versions of questions and answers."""

    VERSIONS_READ = "versions_read"
