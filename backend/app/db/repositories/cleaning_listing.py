"""The list of jobs: its filters."""

from sqlalchemy import DateTime, Text, and_

from app.db.models.cleanings import Cleaning
from app.db.models.states.cleanings import CleaningStatus
from app.db.repositories.listings import ASKED, Listing
from app.db.repositories.views import CleaningView, is_in_time
from app.postgres.statements import optional

TYPE = optional("cleaning_type", Text())
AFTER = optional("starts_after", DateTime(timezone=True))
BEFORE = optional("starts_before", DateTime(timezone=True))

JOBS = Listing(
    Cleaning,
    CleaningView,
    owner="owner_id",
    person="owner",
    statuses=CleaningStatus,
    # Jobs that come from orders were never posted.
    kept=[lambda jobs: jobs.deleted_at.is_(None), lambda jobs: jobs.ordered.is_(False)],
    shown=[lambda jobs: jobs.hidden_at.is_(None)],
    filters={
        "status": lambda jobs: and_(jobs.status == ASKED["status"], is_in_time(jobs)),
        "cleaning_type": lambda jobs: jobs.cleaning_type == TYPE,
        "starts_after": lambda jobs: jobs.starts_at >= AFTER,
        "starts_before": lambda jobs: jobs.starts_at < BEFORE,
    },
    asked={"cleaning_type": TYPE, "starts_after": AFTER, "starts_before": BEFORE},
)
