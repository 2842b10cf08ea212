"""API keys on pages."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, TypeAdapter


class Key(BaseModel):
    """A key of the viewer."""

    id: UUID
    prefix: str
    name: str
    scopes: list[str]
    expires_at: datetime
    last_used_at: datetime | None


KEYS = TypeAdapter(list[Key])
