"""The result of a scenario."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Verdict:
    """Whether a guarantee holds under a fault.

    Args:
        promise: The guarantee, as a sentence.
        broken: The component at fault, and the kind of the fault.
        figures: Counts and measurements by name.
        failures: Violations of the guarantee.
    """

    promise: str
    broken: str
    figures: Mapping[str, str]
    failures: Sequence[str]

    @property
    def holds(self) -> bool:
        """Whether there are no violations."""
        return not self.failures
