"""The audit of access, for staff."""

from collections.abc import Iterable
from dataclasses import dataclass

from starlette.responses import Response

from app.db.models.audit import AuditFilters
from app.services.administration import AdministrationService
from app.web.contexts import Options
from app.web.forms import Form
from app.web.rendering import Template
from app.web.routing import Access, Pages
from app.web.views import json_list
from app.web.views.audit import ENTRIES, WORDS, AuditPerson, Entry
from app.web.visits import Visit

pages = Pages(Access.STAFF)


@dataclass(frozen=True)
class AuditPage(Template, file="audit/list.html"):
    """The audit.

    Args:
        form: The filters.
        entries: The entries.
        more: The address of the next page.
        actions: The acts for the filter: pairs of a code and its words.
        user: The account that the entries are filtered by.
        actor: The actor that they are filtered by.
    """

    form: Form
    entries: list[Entry]
    more: str | None
    actions: Options
    user: AuditPerson | None
    actor: AuditPerson | None


@pages.get("/staff/audit", is_recorded=True)
async def show_audit(visit: Visit) -> Response:
    """The entries that match all filters, newest first."""
    form = visit.asked()
    filters = visit.filters(AuditFilters, form)
    service = AdministrationService(visit.transaction, visit.client)
    page = await service.read_audit(visit.caller, filters, visit.listing.part(filters))
    entries = ENTRIES.validate_json(json_list(page))
    actions = sorted(visit.options(WORDS), key=lambda it: it[1])
    user = _first(entry.user for entry in entries if filters.user_id)
    actor = _first(entry.actor for entry in entries if filters.actor_id)
    return visit.page(AuditPage(form, entries, visit.more(page), actions, user, actor))


def _first(people: Iterable[AuditPerson | None]) -> AuditPerson | None:
    return next(iter(people), None)
