"""The consequences of events: what features do as an event enters the stream.

Each feature declares its consequences in the file of its name in this folder, as ``CONSEQUENCES``.
`declared` concatenates them, in the order of the features. The sequencer carries them out in the
transaction that gives the events their positions: so each event has them exactly once.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from app.core.features import modules
from app.db.models.kinds import EventKind
from app.db.repositories.stream import Entry
from app.worker.context import TaskContext

Run: TypeAlias = Callable[[TaskContext, Sequence[Entry]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Consequence:
    """A consequence of events.

    Args:
        kinds: The kinds of events that have it.
        run: Called once per batch that contains such events, with all of them in the order of their
            positions. It changes data through the transaction of the context only: no network, no
            waiting for locks of jobs or accounts. If it fails, no event enters the stream until it
            succeeds.
    """

    kinds: Sequence[EventKind]
    run: Run

    def among(self, entries: Sequence[Entry]) -> Sequence[Entry]:
        """The events of a batch that have this consequence."""
        kinds = {(kind.subject, kind.value) for kind in self.kinds}
        return [it for it in entries if (it.event.subject, it.event.kind) in kinds]


def declared() -> Sequence[Consequence]:
    """The consequences that all features declare."""
    return [it for module in modules(__name__) for it in module.CONSEQUENCES]
