"""The overview of staff: the numbers of the market, and the newest entries of the audit."""

from dataclasses import dataclass

from starlette.responses import Response

from app.db.models.audit import AuditFilters
from app.db.repositories.audit import AuditReader
from app.db.repositories.pages import PageRequest
from app.db.repositories.statistics import StatisticsReader
from app.web.rendering import Template
from app.web.routing import Access, Pages
from app.web.views import json_list
from app.web.views.audit import ENTRIES, Entry
from app.web.views.statistics import Chart, Statistics, first_day
from app.web.visits import Visit

NEWEST = 5
"""The number of entries of the audit."""

pages = Pages(Access.STAFF)


@dataclass(frozen=True)
class OverviewPage(Template, file="statistics/overview.html"):
    """The overview.

    Args:
        numbers: The numbers of the market.
        charts: The charts.
        entries: The newest entries of the audit.
    """

    numbers: Statistics
    charts: list[Chart]
    entries: list[Entry]


@pages.get("/staff")
async def show_overview(visit: Visit) -> Response:
    """The numbers of the market."""
    zone = visit.site.zone
    numbers = Statistics.model_validate_json(
        await StatisticsReader(visit.reads).numbers(visit.caller, first_day(zone), zone.key)
    )
    page = await AuditReader(visit.reads).page(visit.caller, AuditFilters(), PageRequest(NEWEST))
    entries = ENTRIES.validate_json(json_list(page))
    return visit.page(OverviewPage(numbers, numbers.charts(zone), entries))
