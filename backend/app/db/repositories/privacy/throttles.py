"""Expiry of throttles."""

from app.db.models.throttles import Throttle
from app.db.repositories.base import MOMENT
from app.db.repositories.privacy import Privacy, deleting_expired
from app.postgres.statements import col

PRIVACY = Privacy(expire=(deleting_expired(Throttle, col(Throttle.resets_at) <= MOMENT),))
