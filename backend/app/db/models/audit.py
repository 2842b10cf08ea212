"""The audit of access: an append-only log of actors, acts and affected accounts."""

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
    """An entry of the audit."""

    __tablename__ = "audit"
    __table_args__ = (
        form("action"),
        Index("ix_audit_user_id", "user_id", "id"),  # the entries about a user, newest first
        Index("ix_audit_actor_id", "actor_id", "id"),  # the acts of a user, newest first
        Index("ix_audit_action", "action", "id"),  # the entries of one action, newest first
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
    """Filters of the audit."""

    user_id: UUID | None = Field(default=None, description="The affected account")
    actor_id: UUID | None = Field(default=None, description="The actor")
    action: AuditAction | None = None
    since: QueryMoment | None = Field(default=None, description="Not before, to the millisecond")
    until: QueryMoment | None = Field(default=None, description="Before, to the millisecond")


class AuditPerson(SQLModel):
    """The actor of an entry, or the affected account."""

    id: UUID
    username: str = Field(schema_extra={"examples": ["anna"]})


class AuditPublic(SQLModel):
    """An entry of the audit as staff sees it."""

    id: UUID
    action: AuditAction
    actor: AuditPerson | None = Field(description="The actor; null if unknown")
    user: AuditPerson | None = Field(description="The affected account; null if unknown")
    network: str = Field(
        description="The network of the request, truncated to identify no household",
        schema_extra={"examples": ["203.0.113.0/24"]},
    )
    request_id: str = Field(description="The id of the request in the logs")
    details: dict[str, Any] = Field(
        description="Further details, such as the reason",
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
"""Prevents changes of entries, also by the service. No constraint could do so."""

table: Any = inspect(AuditEntry).local_table
event.listen(table, "after_create", REFUSAL)
event.listen(table, "after_create", APPEND_ONLY)
