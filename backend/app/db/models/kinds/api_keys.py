"""Kinds that belong to API keys."""

from app.db.models.kinds import AuditAction


class ApiKeyAction(AuditAction):
    """Acts on an API key."""

    API_KEY_CREATED = "api_key_created"
    API_KEY_DELETED = "api_key_deleted"
