"""Failures that no retry can mend."""


class PermanentFailure(Exception):
    """A further attempt would fail as well: the task has failed at once."""
