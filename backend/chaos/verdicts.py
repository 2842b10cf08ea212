"""What comes of a scenario."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Verdict:
    """Whether a promise holds when something is broken.

    Args:
        promise: What the service promises, as a sentence.
        broken: What was broken, and how.
        figures: What was counted and measured, by what it is.
        failures: What is not as promised; empty if the promise holds.
    """

    promise: str
    broken: str
    figures: Mapping[str, str]
    failures: Sequence[str]

    @property
    def holds(self) -> bool:
        """Whether all is as promised."""
        return not self.failures
