"""Hiding: what staff can take out of everyone's sight."""

from datetime import datetime

from app.db.models.fields import moment_field, now
from app.db.models.versioned import Versioned


class Hideable(Versioned):
    """A row that staff can hide: then nobody finds it but those whom it concerns."""

    hidden_at: datetime | None = moment_field(default=None)

    def hide(self) -> bool:
        """Hides it, and says whether it was to be seen until now."""
        return self.hidden_at is None and self.take_over({"hidden_at": now()})

    def show(self) -> bool:
        """Hides it no longer, and says whether it was hidden until now."""
        return self.take_over({"hidden_at": None})
