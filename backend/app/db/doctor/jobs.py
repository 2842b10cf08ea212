"""What is promised of background jobs."""

from sqlalchemy import and_, func, or_, select

from app.db.doctor.check import Check
from app.db.models.jobs import LEASE, LONGEST_DELAY, Job
from app.postgres.statements import col

HAS_FAILED = col(Job.failed_at).is_not(None)

CHECKS = (
    Check(
        "jobs_due",
        "A background job that has not failed for good is due again within the longest delay.",
        select(col(Job.id)).where(
            ~HAS_FAILED, col(Job.due_at) > func.now() + LONGEST_DELAY + LEASE
        ),
    ),
    Check(
        "jobs_explained",
        "A background job that failed says why, and was tried.",
        select(col(Job.id)).where(
            or_(
                and_(HAS_FAILED, col(Job.error).is_(None)),
                and_(or_(HAS_FAILED, col(Job.error).is_not(None)), col(Job.attempts) == 0),
            )
        ),
    ),
)
