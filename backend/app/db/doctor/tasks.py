"""Checks of background tasks."""

from sqlalchemy import and_, func, or_, select

from app.db.doctor.check import Check
from app.db.models.kinds import TaskKind
from app.db.models.tasks import LEASE, LONGEST_DELAY, Task, TaskSchedule
from app.postgres.statements import col

HAS_FAILED = col(Task.failed_at).is_not(None)
WAS_TRIED = col(Task.attempts) > 0

CHECKS = (
    Check(
        "task_schedules_known",
        "A schedule is of a kind of tasks that the service knows.",
        select(col(TaskSchedule.kind)).where(col(TaskSchedule.kind).not_in(TaskKind.all())),
    ),
    Check(
        "tasks_known",
        "A task is of a kind that the service knows.",
        select(col(Task.id)).where(col(Task.kind).not_in(TaskKind.all())),
    ),
    Check(
        "tasks_due",
        "A task that was attempted and has not failed is due again within the longest delay.",
        select(col(Task.id)).where(
            ~HAS_FAILED, WAS_TRIED, col(Task.due_at) > func.now() + LONGEST_DELAY + LEASE
        ),
    ),
    Check(
        "tasks_explained",
        "A task that failed or is retried says why, and was attempted.",
        select(col(Task.id)).where(
            or_(
                and_(HAS_FAILED, col(Task.error).is_(None)),
                and_(or_(HAS_FAILED, col(Task.error).is_not(None)), ~WAS_TRIED),
            )
        ),
    ),
    Check(
        "tasks_leased",
        "A task that is leased was attempted, has not failed, and is due when the lease ends.",
        select(col(Task.id)).where(
            col(Task.leased_until).is_not(None),
            or_(HAS_FAILED, ~WAS_TRIED, col(Task.due_at) != col(Task.leased_until)),
        ),
    ),
)
