"""Exports of personal data."""

from dataclasses import dataclass

from starlette.responses import Response

from app.http.exports import EXPORT_SECONDS, export_response
from app.services.exports import ExportService
from app.web.headers import HEADERS
from app.web.rendering import Template
from app.web.routing import Pages
from app.web.visits import Visit

OWN = "/account/data"

pages = Pages()


@dataclass(frozen=True)
class DataPage(Template, file="exports/own.html"):
    """What the viewer can do with the data of the account."""


@pages.get(OWN)
async def show_data(visit: Visit) -> Response:
    """What the caller can do with the data of the account."""
    return visit.page(DataPage())


@pages.post(OWN, again=show_data, is_kept=False)
async def export_data(visit: Visit) -> Response:
    """The personal data of the caller, as a file."""
    await visit.user()
    service = ExportService(visit.transaction, visit.client, visit.safeguards)
    content = await service.make(visit.caller)
    visit.request.state.answer_seconds = EXPORT_SECONDS
    return export_response(content, {**HEADERS, "Cache-Control": "no-store"})
