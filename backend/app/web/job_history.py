"""The earlier wordings of a job."""

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.responses import Response

from app.db.models.pages import PageParameters
from app.db.repositories.cleanings import CleaningReader
from app.web.rendering import Template
from app.web.views import json_list
from app.web.views.cleanings import JobDetail
from app.web.views.revisions import REVISIONS, Change, changes_of
from app.web.visits import Visit

MOST = 50
"""The number of changes on a page."""


@dataclass(frozen=True)
class HistoryPage(Template, file="cleanings/history.html"):
    """The earlier wordings of a job.

    Args:
        job: The job.
        changes: The changes, newest first.
        more: The address of the next page.
        categories: The names of the categories, by their slugs.
    """

    job: JobDetail
    changes: list[Change]
    more: str | None
    categories: Mapping[str, str]


async def history_of(visit: Visit, job: JobDetail) -> Response:
    """The page with the earlier wordings of a job."""
    request = visit.listing.part(PageParameters(limit=MOST))
    page = await CleaningReader(visit.reads).revisions(visit.caller, job.id, request)
    revisions = REVISIONS.validate_json(json_list(page))
    changes = changes_of(revisions, None if request.after else job)
    tree = await visit.site.categories.tree(visit.reads)
    names = {it.slug: it.named(visit.language) for it in tree.items}
    return visit.page(HistoryPage(job, changes, visit.more(page), names))
