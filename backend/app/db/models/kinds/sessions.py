"""Kinds that belong to sessions."""

from app.db.models.kinds import AuditAction


class SessionAction(AuditAction):
    """Logins and logouts."""

    SIGNED_IN = "signed_in"
    SIGN_IN_FAILED = "sign_in_failed"
    SIGNED_OUT = "signed_out"
    REFRESH_TOKEN_REUSED = "refresh_token_reused"  # noqa: S105 (an act)
    SESSION_ENDED = "session_ended"
    OTHER_SESSIONS_ENDED = "other_sessions_ended"
    STEPPED_UP = "stepped_up"
    STEP_UP_FAILED = "step_up_failed"
    PASSWORD_CHECK_FAILED = "password_check_failed"  # noqa: S105 (an act)
