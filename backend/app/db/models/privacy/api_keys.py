"""Personal data of api keys."""

from uuid import UUID

from sqlmodel import SQLModel

from app.db.models.fields import Moment
from app.db.models.kinds import Scope
from app.db.models.privacy import Holding, Personal, Tier, alike


class ApiKeyExport(SQLModel):
    """What a program acts for one by; its id is that of the program's session."""

    id: UUID
    prefix: str
    name: str
    scopes: list[Scope]
    last_used_at: Moment | None


HOLDINGS = (
    Holding(
        "api_keys",
        "id",
        {
            "hash": Personal(Tier.INTERNAL, "to recognise the key"),
            **alike(
                ("prefix", "name", "scopes", "last_used_at"),
                Personal(Tier.PRIVATE, "to see which programs act for one"),
            ),
        },
        others=("id", "made_in"),
        until="the key is deleted, or expires",
    ),
)
