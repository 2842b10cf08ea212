"""Rows with a version, and shapes with an ETag."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.db.models.fields import moment_field, now
from app.postgres.rows import Row


class Versioned(Row):
    """A row whose version is incremented by each change; its ETag is the version."""

    version: int = 1
    created_at: datetime = moment_field(default_factory=now)
    updated_at: datetime = moment_field(default_factory=now)

    def touch(self) -> None:
        """Marks the row as changed."""
        self.version += 1
        self.updated_at = now()

    def differing(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """The values that differ from those of the row."""
        return {name: value for name, value in values.items() if getattr(self, name) != value}

    def take_over(self, values: Mapping[str, Any]) -> bool:
        """Sets the values that differ, and returns whether there were any."""
        differing = self.differing(values)
        for name, value in differing.items():
            setattr(self, name, value)
        if differing:
            self.touch()
        return bool(differing)


class Tagged:
    """Marks the shape of a single object as one whose response has the row's version as `ETag`.

    Only its direct subclasses are marked: a shape that is derived from one may stand in a list.
    """
