"""Kinds that belong to the preferences of notifications."""

from app.db.models.kinds import AuditAction


class NotificationPreferencesAction(AuditAction):
    """Acts on the preferences of notifications."""

    PREFERENCES_CHANGED = "notification_preferences_changed"
    UNSUBSCRIBED = "notification_mails_stopped"
