"""Background tasks, as the tests that hold for all features see them."""

from app.db.models.kinds.tasks import MailTask
from app.db.models.tasks import FAILED_FOR, Task
from tests.features import Damage, Feature

TASK = (
    "INSERT INTO tasks (id, kind, payload, attempts, created_at, due_at, failed_at, leased_until) "
    "VALUES (gen_random_uuid(), '{kind}', '{{}}', {attempts}, now(), {times})"
)

FEATURE = Feature(
    access="""
                          anonymous  stranger  owner  cleaner  staff  superuser  blocked  program
list_failed_tasks               401       403    403      403    200        200      401      403
retry_task                      401       403    403      403    204        204      401      403
discard_task                    401       403    403      403    204        204      401      403
""",
    stories={"retry_task": "clock fail", "discard_task": "clock fail"},
    damages={
        "task_schedules_known": Damage(
            "",
            "INSERT INTO task_schedules (kind, cron, due_at) "
            "VALUES ('unknown', '* * * * *', now())",
        ),
        "tasks_due": Damage(
            "", TASK.format(kind="send_mail", attempts=1, times="now() + '2 days', NULL, NULL")
        ),
        "tasks_explained": Damage(
            "", TASK.format(kind="send_mail", attempts=1, times="now(), now(), NULL")
        ),
        "tasks_known": Damage(
            "", TASK.format(kind="unknown", attempts=0, times="now(), NULL, NULL")
        ),
        "tasks_leased": Damage(
            "", TASK.format(kind="send_mail", attempts=0, times="now(), NULL, now()")
        ),
    },
    expiring={
        Task: lambda _, ended_at: {
            "kind": MailTask.SEND_MAIL,
            "payload": {},
            "failed_at": ended_at - FAILED_FOR,
        },
    },
)
