"""The audit on pages."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, TypeAdapter

from app.core.catalogues import N_

WORDS: Mapping[str, str] = {
    "account_created": N_("Account created"),
    "account_deleted": N_("Account deleted"),
    "account_exported": N_("Data exported"),
    "email_verified": N_("Email address confirmed"),
    "email_changed": N_("Email address changed"),
    "username_changed": N_("Username changed"),
    "password_changed": N_("Password changed"),
    "password_reset": N_("Password reset"),
    "signed_in": N_("Logged in"),
    "sign_in_failed": N_("Login failed"),
    "signed_out": N_("Logged out"),
    "refresh_token_reused": N_("Refresh token used twice"),
    "session_ended": N_("Session ended"),
    "other_sessions_ended": N_("Other sessions ended"),
    "stepped_up": N_("Password confirmed"),
    "step_up_failed": N_("Confirmation of the password failed"),
    "password_check_failed": N_("Password check failed"),
    "second_factor_added": N_("Second factor added"),
    "second_factor_removed": N_("Second factor removed"),
    "second_factor_removal_requested": N_("Removal of the second factor requested"),
    "second_factor_removal_cancelled": N_("Removal of the second factor cancelled"),
    "second_factor_removal_stopped": N_("Removal of the second factor stopped"),
    "recovery_code_used": N_("Recovery code used"),
    "api_key_created": N_("API key created"),
    "api_key_deleted": N_("API key deleted"),
    "notification_preferences_changed": N_("Preferences of notifications changed"),
    "notification_mails_stopped": N_("Mails about notifications stopped"),
    "webhook_created": N_("Webhook created"),
    "webhook_changed": N_("Webhook changed"),
    "webhook_secret_renewed": N_("Secret of a webhook renewed"),
    "webhook_deleted": N_("Webhook deleted"),
    "task_retried": N_("Failed task retried"),
    "task_discarded": N_("Failed task discarded"),
    "category_made": N_("Category made"),
    "category_changed": N_("Category changed"),
    "category_deactivated": N_("Category deactivated"),
    "category_reactivated": N_("Category reactivated"),
    "category_deleted": N_("Category deleted"),
    "categories_loaded": N_("Categories loaded"),
    "extra_set": N_("Extra set"),
    "extra_removed": N_("Extra removed"),
    "checklist_item_set": N_("Checklist item set"),
    "checklist_item_removed": N_("Checklist item removed"),
    "versions_read": N_("Earlier versions read"),
    "flagged_messages_read": N_("Messages with contact details read"),
    "role_changed": N_("Role changed"),
    "blocked": N_("Account blocked"),
    "unblocked": N_("Account unblocked"),
    "deactivated": N_("Account deactivated"),
    "reactivated": N_("Account reactivated"),
    "sessions_ended": N_("Sessions of the account ended"),
    "accounts_listed": N_("Accounts listed"),
    "account_looked_up": N_("Account looked up by its address"),
    "account_read": N_("Account read"),
    "package_hidden": N_("Package hidden"),
    "package_shown": N_("Package shown again"),
    "photo_hidden": N_("Photo hidden"),
    "photo_shown": N_("Photo shown again"),
    "cleaning_hidden": N_("Job hidden"),
    "cleaning_shown": N_("Job shown again"),
    "offer_hidden": N_("Offer hidden"),
    "offer_shown": N_("Offer shown again"),
    "evaluation_hidden": N_("Review hidden"),
    "evaluation_shown": N_("Review shown again"),
    "question_hidden": N_("Question hidden"),
    "question_shown": N_("Question shown again"),
    "answer_hidden": N_("Answer hidden"),
    "answer_shown": N_("Answer shown again"),
    "package_question_hidden": N_("Question about a package hidden"),
    "package_question_shown": N_("Question about a package shown again"),
    "package_answer_hidden": N_("Answer about a package hidden"),
    "package_answer_shown": N_("Answer about a package shown again"),
    "report_read": N_("Report read"),
    "report_taken": N_("Report taken"),
    "report_released": N_("Report released"),
    "report_decided": N_("Report decided"),
    "thread_read": N_("Thread read"),
    "audit_read": N_("Audit read"),
}
"""The acts in words."""

FACTS: Mapping[str, str] = {
    "cleaning_id": N_("Job ID"),
    "offer_id": N_("Offer ID"),
    "booking_id": N_("Booking ID"),
    "evaluation_id": N_("Review ID"),
    "package_id": N_("Package ID"),
    "question_id": N_("Question ID"),
    "answer_id": N_("Answer ID"),
    "package_question_id": N_("Question ID"),
    "package_answer_id": N_("Answer ID"),
    "upload_id": N_("Photo ID"),
    "report_id": N_("Report ID"),
    "thread_reading_id": N_("ID of the reading"),
    "key_id": N_("API key ID"),
    "webhook_id": N_("Webhook ID"),
    "task_id": N_("Task ID"),
    "category": N_("Category"),
    "extra": N_("Extra"),
    "item": N_("Checklist item"),
    "changed": N_("Changed fields"),
    "new": N_("New"),
    "rule": N_("Rule"),
    "measure": N_("Measure"),
    "before": N_("Former role"),
    "role": N_("Role"),
    "kind": N_("Kind"),
    "factor": N_("Factor"),
    "by": N_("Cause"),
    "scopes": N_("Permissions"),
    "events": N_("Events"),
    "market_wide": N_("Whole market"),
    "filters": N_("Filters"),
    "found": N_("Found"),
}
"""The names of facts in words. The reason has none: it stands alone."""

HIDDEN: Mapping[str, str] = {
    "cleaning_hidden": "/jobs/{cleaning_id}",
    "package_hidden": "/packages/{package_id}",
    "photo_hidden": "/uploads/{upload_id}",
    "offer_hidden": "/jobs/{cleaning_id}/offers/{offer_id}",
    "evaluation_hidden": "/bookings/{cleaning_id}/{booking_id}/evaluations/{evaluation_id}",
    "question_hidden": "/jobs/{cleaning_id}/questions/{question_id}",
    "answer_hidden": "/jobs/{cleaning_id}/questions/{question_id}/answers/{answer_id}",
    "package_question_hidden": "/packages/{package_id}/questions/{package_question_id}",
    "package_answer_hidden": (
        "/packages/{package_id}/questions/{question_id}/answers/{package_answer_id}"
    ),
}
"""The paths of hidden things, by the acts that have hidden them."""


class AuditPerson(BaseModel):
    """The actor of an entry, or the affected account."""

    id: UUID
    username: str


class Entry(BaseModel):
    """An entry of the audit."""

    id: UUID
    action: str
    actor: AuditPerson | None
    user: AuditPerson | None
    network: str
    request_id: str
    details: dict[str, str]
    created_at: datetime

    @property
    def words(self) -> str:
        """The act in the language of the source."""
        return WORDS.get(self.action, self.action)

    @property
    def reason(self) -> str:
        """The grounds of the act; empty if there are none."""
        return self.details.get("reason", "")

    @property
    def hidden(self) -> str | None:
        """The path of the thing that was hidden.

        Entries of earlier releases lack some of the ids.
        """
        path = HIDDEN.get(self.action)
        try:
            return path and path.format(**self.details)
        except KeyError:
            return None

    @property
    def versions(self) -> str | None:
        """The page of all versions of a question or an answer that was hidden."""
        return f"/staff{self.hidden}/versions" if "/questions/" in (self.hidden or "") else None

    @property
    def facts(self) -> list[tuple[str, str]]:
        """The further details, without the reason: their names, to be translated, and values."""
        details = self.details.items()
        return [(FACTS.get(name, name), value) for name, value in details if name != "reason"]


ENTRIES = TypeAdapter(list[Entry])
