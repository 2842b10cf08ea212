"""Expiry of background jobs."""

from app.db.models.jobs import FAILED_FOR, Job
from app.db.repositories.privacy import MOMENT, Privacy, deleting_expired
from app.postgres.statements import col

PRIVACY = Privacy(expire=(deleting_expired(Job, col(Job.failed_at) <= MOMENT - FAILED_FOR),))
