"""Export, erasure and expiry of sessions."""

from sqlalchemy import delete

from app.db.models.privacy.sessions import KnownAddressExport, SessionExport
from app.db.models.sessions import REMEMBERED_FOR, KnownAddress, Session
from app.db.repositories.base import CALLER_ID, MOMENT, SESSION_ID, USER_ID, json_object
from app.db.repositories.privacy import Part, Privacy, Section, deleting_expired
from app.postgres.statements import col

SESSIONS = Part(
    source=Session,
    item=json_object(
        SessionExport,
        Session,
        last_used_at=col(Session.refreshed_at),
        current=col(Session.id) == SESSION_ID,
    ),
    key=col(Session.id),
    own=col(Session.user_id) == CALLER_ID,
)
KNOWN_ADDRESSES = Part(
    source=KnownAddress,
    item=json_object(KnownAddressExport, KnownAddress),
    key=col(KnownAddress.used_at),
    own=col(KnownAddress.user_id) == CALLER_ID,
)

PRIVACY = Privacy(
    export=(
        Section("sessions", SessionExport, (SESSIONS,)),
        Section("known_addresses", KnownAddressExport, (KNOWN_ADDRESSES,)),
    ),
    erase=(
        delete(Session).where(col(Session.user_id) == USER_ID),  # and its tokens, or its API key
        delete(KnownAddress).where(col(KnownAddress.user_id) == USER_ID),
    ),
    expire=(
        deleting_expired(Session, col(Session.expires_at) <= MOMENT),
        deleting_expired(KnownAddress, col(KnownAddress.used_at) <= MOMENT - REMEMBERED_FOR),
    ),
)
