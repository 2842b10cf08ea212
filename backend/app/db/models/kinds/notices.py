"""Kinds that belong to notices about changes of how a user logs in."""

from app.db.models.kinds import EventKind, TaskKind
from app.db.models.notices import Notice

OF_LINKS = ("password_changed", "email_change_requested", "email_changed")
"""The kinds whose mails are among those of links."""


class NoticeTask(TaskKind):
    """Tasks that send notices."""

    NOTICE = "notice"


class SecurityEvent(
    EventKind, subject="security", table="users", clock=(*Notice, *OF_LINKS), sent=False
):
    """Events of the security of an account: each notice, and mails about address and password.

    They have no actor, since it is not certain that the owner has acted, and no facts: the place
    and the device are in the mail.
    """

    NEW_LOGIN = "new_login"
    SESSION_STOLEN = "session_stolen"
    USERNAME_CHANGED = "username_changed"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 (an act)
    EMAIL_CHANGE_REQUESTED = "email_change_requested"
    EMAIL_CHANGED = "email_changed"
    API_KEY_CREATED = "api_key_created"
    WEBHOOK_CREATED = "webhook_created"
    WEBHOOK_URL_CHANGED = "webhook_url_changed"
    WEBHOOK_DISABLED = "webhook_disabled"
    SECOND_FACTOR_ADDED = "second_factor_added"
    SECOND_FACTOR_REMOVED = "second_factor_removed"
    RECOVERY_CODES_RENEWED = "recovery_codes_renewed"
    RECOVERY_CODE_USED = "recovery_code_used"
    REMOVAL_REQUESTED = "removal_requested"
    REMOVAL_CANCELLED = "removal_cancelled"
    REMOVAL_STOPPED = "removal_stopped"
