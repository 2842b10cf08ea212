"""Personal data of audit."""

from typing import Any
from uuid import UUID

from sqlmodel import Field, SQLModel

from app.db.models.fields import Moment
from app.db.models.kinds import AuditAction
from app.db.models.privacy import LOG_KEPT, Holding, Personal, Tier, alike


class AuditEntryExport(SQLModel):
    """An entry of the audit log with the user as subject or actor."""

    id: UUID
    action: AuditAction
    by_oneself: bool
    network: str | None = Field(description="Null if it is another's")
    request_id: str | None = Field(description="Null if it is another's")
    details: dict[str, Any] | None = Field(description="Null if they are of another")
    created_at: Moment


HOLDINGS = (
    Holding(
        "audit",
        "user_id",
        alike(
            ("action", "network", "request_id", "details", "created_at"),
            Personal(Tier.PRIVATE, "investigation of misuse", LOG_KEPT),
        ),
        others=("id", "actor_id", "user_id"),
    ),
)
