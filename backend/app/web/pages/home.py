"""The start page, and the one for the time without a connection."""

from dataclasses import dataclass

from starlette.responses import Response

from app.db.models.listings import CleaningFilters
from app.db.repositories.pages import PageRequest
from app.web.pages.cleanings import browse
from app.web.rendering import Template
from app.web.routing import Access, Pages
from app.web.views import json_list
from app.web.views.cleanings import JOBS, Job
from app.web.visits import Visit

NEWEST = 3
"""The number of jobs on the start page."""

pages = Pages(Access.VISITORS)


@dataclass(frozen=True)
class HomePage(Template, file="home/show.html"):
    """The start page.

    Args:
        jobs: The newest open jobs.
    """

    jobs: list[Job]


@dataclass(frozen=True)
class OfflinePage(Template, file="home/offline.html"):
    """The page that an installed browser keeps for the time without a connection."""


@pages.get("/")
async def show_home(visit: Visit) -> Response:
    """The start page."""
    page = (await browse(visit, CleaningFilters(), PageRequest(NEWEST))).page
    return visit.page(HomePage(JOBS.validate_json(json_list(page))), public=True)


@pages.get("/offline")
async def show_offline(visit: Visit) -> Response:
    """The page for the time without a connection."""
    return visit.page(OfflinePage(), public=True)
