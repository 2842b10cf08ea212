"""Hiding: rows that staff can hide from users."""

from datetime import datetime

from app.db.models.fields import moment_field, now
from app.db.models.versioned import Versioned


class Hideable(Versioned):
    """A row that staff can hide from all users but those concerned."""

    hidden_at: datetime | None = moment_field(default=None)

    def hide(self) -> bool:
        """Hides the row, and returns whether it was visible."""
        return self.hidden_at is None and self.take_over({"hidden_at": now()})

    def show(self) -> bool:
        """Shows the row, and returns whether it was hidden."""
        return self.take_over({"hidden_at": None})
