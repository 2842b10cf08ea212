"""Notices: mails about changes of credentials."""

from enum import StrEnum


class Notice(StrEnum):
    """The kind of a notice."""

    NEW_LOGIN = "new_login"
    SESSION_STOLEN = "session_stolen"
    USERNAME_CHANGED = "username_changed"
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
