"""Failures that no retry can mend."""

from app.postgres.transactions import Transaction


class PermanentFailure(Exception):
    """A further attempt would fail as well: the task has failed at once.

    Attributes:
        outcome: The label of the effect in metrics.
    """

    outcome = "failed"

    def record(self, transaction: Transaction) -> None:
        """Records its consequences in the transaction that ends the task; by default none."""
