"""State machines: rows with a status, and the moves that each status allows."""

from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

from app.core.errors import IllegalMove
from app.db.models.versioned import Versioned


class Move(NamedTuple):
    """A move of a state machine.

    Args:
        name: Its past participle, as in "can be accepted".
        allowed: The states that allow it.
        to: The state that it leads to.
        refusal: The error that it raises in all other states.
    """

    name: str
    allowed: Sequence[StrEnum]
    to: StrEnum
    refusal: type[IllegalMove]


class Stateful(Versioned):
    """A row with a `status`, which is a state of a state machine."""

    if TYPE_CHECKING:
        status: Any

    def demand(self, move: Move) -> None:
        """Refuses a move that the present state does not allow.

        Raises:
            IllegalMove: The refusal of the move, with the present state and those that allow it.
        """
        move.refusal.unless(self.status, move.allowed, move.name)

    def move(self, move: Move) -> None:
        """Makes a move: sets the new state, and a new version.

        Raises:
            IllegalMove: The present state does not allow it.
        """
        self.demand(move)
        self.status = move.to
        self.touch()
