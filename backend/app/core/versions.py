"""Optimistic concurrency: the expected version of an object."""

from app.core.errors import PreconditionFailed


class ExpectedVersion:
    """The versions for which a change is intended (`If-Match`).

    Args:
        versions: The acceptable versions; None for any.
    """

    def __init__(self, versions: frozenset[int] | None = None) -> None:
        self._versions = versions

    def demand(self, version: int) -> None:
        """Refuses a change of another version.

        Args:
            version: The present version.

        Raises:
            PreconditionFailed: The present version is not expected.
        """
        if self._versions is not None and version not in self._versions:
            raise PreconditionFailed
