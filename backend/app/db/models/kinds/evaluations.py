"""Kinds that belong to evaluations."""

from app.db.models.kinds import EventKind, Scope


class EvaluationEvent(EventKind, subject="evaluation"):
    """What happened to an evaluation."""

    CREATED = "created"
    HIDDEN = "hidden"
    SHOWN = "shown"


class EvaluationScope(Scope):
    """What a key may do with evaluations."""

    READ = "read:evaluations"
    WRITE = "write:evaluations"
