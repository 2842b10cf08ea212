"""Export, erasure and expiry of freed usernames."""

from sqlalchemy import null, update

from app.db.models.freed_usernames import FreedUsername
from app.db.repositories.base import MOMENT, USER_ID
from app.db.repositories.privacy import Privacy, deleting_expired
from app.postgres.statements import col

PRIVACY = Privacy(
    erase=(
        update(FreedUsername).where(col(FreedUsername.user_id) == USER_ID).values(user_id=null()),
    ),
    expire=(deleting_expired(FreedUsername, col(FreedUsername.ends_at) <= MOMENT),),
)
