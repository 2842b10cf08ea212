"""Personal data of api keys."""

from uuid import UUID

from sqlmodel import SQLModel

from app.db.models.fields import Moment
from app.db.models.kinds import Scope
from app.db.models.privacy import Holding, Personal, Tier, alike


class ApiKeyExport(SQLModel):
    """An API key; its id is that of the program's session."""

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
            "hash": Personal(Tier.INTERNAL, "verification of the key"),
            **alike(
                ("prefix", "name", "scopes", "last_used_at"),
                Personal(Tier.PRIVATE, "list of own API keys"),
            ),
        },
        others=("id", "made_in"),
        until="the key is deleted, or expires",
    ),
)
