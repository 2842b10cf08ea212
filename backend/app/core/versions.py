"""Which version of a thing a caller means to change."""

from app.core.errors import PreconditionFailed


class ExpectedVersion:
    """The versions that a change is meant for.

    Args:
        versions: Any of these will do; None if every version will.
    """

    def __init__(self, versions: frozenset[int] | None = None) -> None:
        self._versions = versions

    def demand(self, version: int) -> None:
        """Refuses to change another version than what the caller has seen.

        Args:
            version: The present version.

        Raises:
            PreconditionFailed: It is none of those that are expected.
        """
        if self._versions is not None and version not in self._versions:
            raise PreconditionFailed
