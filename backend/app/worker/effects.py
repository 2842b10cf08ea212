"""Effects of tasks outside the database, which are carried out after the commit."""

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeAlias

from app.core.mail import Mail
from app.core.observability.tracing import tracing
from app.worker.failures import PermanentFailure
from app.worker.mailers import Mailer
from app.worker.photos import Deletion, PhotoFiles, Processing, Sweep

Effect: TypeAlias = Mail | Processing | Deletion | Sweep
"""The types of effects: to add one, such as a push message, extend this union and `carriers`."""

Carrier: TypeAlias = Callable[[Any, str], Awaitable[None]]
"""Carries out an effect. The key is the same for each attempt, so that receivers see duplicates."""


def carriers(mailer: Mailer, photos: PhotoFiles) -> Mapping[type[Any], Carrier]:
    """The carriers of all types of effects.

    Args:
        mailer: Sends mail.
        photos: Processes and deletes the files of uploads.
    """
    return {
        Mail: mailer.send,
        Processing: photos.process,
        Deletion: photos.delete,
        Sweep: photos.sweep,
    }


class Effects:
    """Carries out effects, and counts how that ended.

    Args:
        carriers: The carrier for each type of effect.

    Attributes:
        ended: How many effects were carried out, have failed, or were refused by their receivers,
            by type and outcome.
    """

    def __init__(self, carriers: Mapping[type[Any], Carrier]) -> None:
        self._carriers = carriers
        self.ended = Counter(
            {(kind, outcome): 0 for kind in carriers for outcome in ("sent", "failed", "refused")}
        )

    async def carry_out(self, effect: Effect, key: str) -> None:
        """Carries out an effect.

        Args:
            effect: The effect.
            key: The same for each attempt of the same effect.

        Raises:
            app.worker.failures.PermanentFailure: A further attempt would fail as well.
        """
        kind, outcome = type(effect), "failed"
        try:
            with tracing.part(f"send {kind.__name__.lower()}"):
                await self._carriers[kind](effect, key)
            outcome = "sent"
        except PermanentFailure as error:
            outcome = error.outcome
            raise
        finally:
            self.ended[kind, outcome] += 1
