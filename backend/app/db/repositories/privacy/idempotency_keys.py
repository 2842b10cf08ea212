"""Export, erasure and expiry of idempotency keys."""

from sqlalchemy import delete

from app.db.models.idempotency_keys import IdempotencyKey
from app.db.models.privacy.idempotency_keys import IdempotencyKeyExport
from app.db.repositories.base import CALLER_ID, MOMENT, USER_ID, json_object
from app.db.repositories.privacy import Part, Privacy, Section, deleting_expired
from app.postgres.statements import col

IDEMPOTENCY_KEYS = Part(
    source=IdempotencyKey,
    item=json_object(IdempotencyKeyExport, IdempotencyKey),
    key=col(IdempotencyKey.used_at),
    own=col(IdempotencyKey.user_id) == CALLER_ID,
)

PRIVACY = Privacy(
    export=(Section("idempotency_keys", IdempotencyKeyExport, (IDEMPOTENCY_KEYS,)),),
    erase=(delete(IdempotencyKey).where(col(IdempotencyKey.user_id) == USER_ID),),
    expire=(deleting_expired(IdempotencyKey, col(IdempotencyKey.expires_at) <= MOMENT),),
)
