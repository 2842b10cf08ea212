"""Kinds that belong to webhooks."""

from app.db.models.kinds import AuditAction, Scope


class WebhookScope(Scope):
    """Scopes of webhooks."""

    READ = "read:webhooks"
    WRITE = "write:webhooks"


class WebhookAction(AuditAction):
    """Acts on webhooks."""

    WEBHOOK_CREATED = "webhook_created"
    WEBHOOK_CHANGED = "webhook_changed"
    WEBHOOK_SECRET_RENEWED = "webhook_secret_renewed"  # noqa: S105 (an act)
    WEBHOOK_DELETED = "webhook_deleted"
