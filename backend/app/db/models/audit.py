"""The audit: what was done about access, by whom and to whom. It can only be added to."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import DDL, Index, event, inspect
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from app.db.models.fields import Moment, QueryMoment, id_field, moment_field, now
from app.db.models.kinds import AuditAction, form, kind_type
from app.db.models.pages import PageParameters
from app.postgres.rows import Row


class AuditEntry(Row, table=True):
    """One thing that was done about access."""

    __tablename__ = "audit"
    __table_args__ = (
        form("action"),
        Index("ix_audit_user_id", "user_id", "id"),  # what was done to a user, newest first
        Index("ix_audit_actor_id", "actor_id", "id"),  # what was done by a user, newest first
        Index("ix_audit_action", "action", "id"),  # whenever this was done, newest first
    )

    id: UUID = id_field()
    action: AuditAction = Field(sa_type=kind_type())
    actor_id: UUID | None = Field(default=None, foreign_key="users.id")
    user_id: UUID | None = Field(default=None, foreign_key="users.id")
    network: str
    request_id: str
    details: dict[str, Any] = Field(default_factory=dict, sa_type=JSONB)
    created_at: datetime = moment_field(default_factory=now)


class AuditFilters(PageParameters):
    """Which entries are wanted."""

    user_id: UUID | None = Field(default=None, description="To whom it was done")
    actor_id: UUID | None = Field(default=None, description="Who did it")
    action: AuditAction | None = None
    since: QueryMoment | None = Field(default=None, description="Not before, to the millisecond")
    until: QueryMoment | None = Field(default=None, description="Before, to the millisecond")


class AuditPerson(SQLModel):
    """Who did something, or to whom it was done."""

    id: UUID
    username: str = Field(schema_extra={"examples": ["anna"]})


class AuditPublic(SQLModel):
    """One thing that was done about access, as staff see it."""

    id: UUID
    action: AuditAction
    actor: AuditPerson | None = Field(description="Who did it; null if nobody knows")
    user: AuditPerson | None = Field(description="To whom it was done; null if nobody knows")
    network: str = Field(
        description="Where it was done from, without what would tell the household",
        schema_extra={"examples": ["203.0.113.0/24"]},
    )
    request_id: str = Field(description="To be found in the logs")
    details: dict[str, Any] = Field(
        description="What else there is to know, such as the reason",
        schema_extra={"examples": [{"reason": "Asks cleaners to pay in advance."}]},
    )
    created_at: Moment


ddl: Any = DDL  # it comes without types
REFUSAL = ddl(
    "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
    " RAISE EXCEPTION '%% can only be added to', TG_TABLE_NAME"
    " USING ERRCODE = 'restrict_violation'; END $$"
)
APPEND_ONLY = ddl(
    "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON audit"
    " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
)
"""What keeps even ourselves from changing what was written down: no constraint can say it."""

table: Any = inspect(AuditEntry).local_table
event.listen(table, "after_create", REFUSAL)
event.listen(table, "after_create", APPEND_ONLY)
