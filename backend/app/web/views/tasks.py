"""Failed background tasks on pages."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, TypeAdapter

from app.core.catalogues import N_

WORDS: Mapping[str, str] = {
    "erase_unverified": N_("Delete an account that was not confirmed"),
    "verify_email": N_("Mail that confirms an address"),
    "change_email": N_("Mail that confirms a new address"),
    "reset_password": N_("Mail to set a new password"),
    "email_changed": N_("Mail about a new email address"),
    "password_changed": N_("Mail about a new password"),
    "notice": N_("Mail about a change of the login"),
    "block_statement": N_("Mail with the reasons of a decision"),
    "restriction_statement": N_("Mail with the reasons of an act on an account"),
    "notice_receipt": N_("Mail with the receipt of a notice"),
    "notice_decision": N_("Mail with the decision about a notice"),
    "notification_mail": N_("Mail about notifications"),
    "send_mail": N_("Mail"),
    "delete_expired": N_("Delete expired data"),
    "collect_events": N_("Number events of an earlier version"),
    "recount_categories": N_("Count the jobs of categories"),
    "process_upload": N_("Prepare a photo"),
    "delete_files": N_("Delete files of photos"),
    "sweep_files": N_("Clean up files of photos"),
}
"""The kinds of tasks in words."""


class FailedTask(BaseModel):
    """A failed task."""

    id: UUID
    kind: str
    attempts: int
    error: str
    created_at: datetime
    failed_at: datetime

    @property
    def words(self) -> str:
        """The kind in the language of the source; a task of another version has none."""
        return WORDS.get(self.kind, self.kind)


TASKS = TypeAdapter(list[FailedTask])
