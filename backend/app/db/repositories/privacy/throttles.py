"""Expiry of throttles."""

from app.db.models.throttles import Throttle
from app.db.repositories.privacy import MOMENT, Privacy, deleting_expired
from app.postgres.statements import col

PRIVACY = Privacy(expire=(deleting_expired(Throttle, col(Throttle.resets_at) <= MOMENT),))
