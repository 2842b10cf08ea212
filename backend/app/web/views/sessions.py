"""Sessions on pages."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, TypeAdapter

from app.services.notices import known_browser


class Session(BaseModel):
    """A session of the viewer."""

    id: UUID
    device: str | None
    address: str | None
    created_at: datetime
    last_used_at: datetime
    current: bool

    @property
    def browser(self) -> str | None:
        """The name of the browser; None for other programs."""
        return known_browser(self.device)


SESSIONS = TypeAdapter(list[Session])
