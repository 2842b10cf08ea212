"""Kinds that belong to the stream."""

from app.db.models.kinds import TaskKind


class StreamTask(TaskKind):
    """Tasks about the stream."""

    COLLECT = "collect_events"
