"""Export, erasure and expiry of api keys."""

from sqlalchemy import join

from app.db.models.api_keys import ApiKey
from app.db.models.privacy.api_keys import ApiKeyExport
from app.db.models.sessions import Session
from app.db.repositories.base import CALLER_ID, json_object
from app.db.repositories.privacy import Part, Privacy, Section
from app.postgres.statements import col

API_KEYS = Part(
    source=join(ApiKey, Session),
    item=json_object(ApiKeyExport, ApiKey),
    key=col(ApiKey.id),
    own=col(Session.user_id) == CALLER_ID,
)

PRIVACY = Privacy(export=(Section("api_keys", ApiKeyExport, (API_KEYS,)),))
"""Keys are erased, and expire, with their sessions."""
