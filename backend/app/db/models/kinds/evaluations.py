"""Kinds that belong to evaluations."""

from app.db.models.kinds import EventKind, Scope


class EvaluationEvent(EventKind, subject="evaluation"):
    """Events of an evaluation."""

    CREATED = "created"
    HIDDEN = "hidden"
    SHOWN = "shown"


class EvaluationScope(Scope):
    """Scopes of evaluations."""

    READ = "read:evaluations"
    WRITE = "write:evaluations"
