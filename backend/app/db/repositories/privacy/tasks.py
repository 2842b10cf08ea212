"""Expiry of failed tasks."""

from app.db.models.tasks import FAILED_FOR, Task
from app.db.repositories.base import MOMENT
from app.db.repositories.privacy import Privacy, deleting_expired
from app.postgres.statements import col

PRIVACY = Privacy(expire=(deleting_expired(Task, col(Task.failed_at) <= MOMENT - FAILED_FOR),))
