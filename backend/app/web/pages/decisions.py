"""Decisions about reports, and appeals against them."""

from dataclasses import dataclass
from uuid import UUID

from starlette.responses import Response

from app.core.catalogues import N_
from app.db.models.decisions import AppealCreate, DecisionCreate, LinkedAppeal
from app.db.models.pages import PageParameters
from app.db.repositories.decisions import DecisionReader
from app.services.decisions import APPEALS, DecisionService
from app.services.links import linked_id
from app.web.forms import Form
from app.web.pages.reports import CASE, QUEUE_PATH, show_case
from app.web.rendering import Template
from app.web.routing import Access, Pages
from app.web.views import json_list
from app.web.views.reports import DECISIONS, Decision
from app.web.visits import Visit

LIST, LINKED = "/decisions", "/appeal"
DECISION = f"{LIST}/{{decision_id:uuid}}"

SAID = {
    "decision_made": N_("The decision is made, and both sides are told."),
    "appeal_made": N_("Another member of staff decides, and you are told of the decision."),
}

pages = Pages()


@dataclass(frozen=True)
class DecisionsPage(Template, file="decisions/list.html"):
    """The decisions about what the caller wrote or showed.

    Args:
        decisions: The decisions.
        more: The address of the next page.
    """

    decisions: list[Decision]
    more: str | None


@dataclass(frozen=True)
class DecisionPage(Template, file="decisions/show.html"):
    """A decision with its reasons, and the form of an appeal.

    Args:
        decision: The decision.
        form: The appeal.
    """

    decision: Decision
    form: Form


@dataclass(frozen=True)
class LinkedAppealPage(Template, file="decisions/appeal.html"):
    """The form of an appeal by a mailed link.

    Args:
        form: The code of the mail, and the words.
    """

    form: Form


@pages.get(LIST)
async def show_decisions(visit: Visit) -> Response:
    """The decisions about what the caller wrote or showed."""
    part = visit.listing.part(visit.filters(PageParameters, visit.asked()))
    page = await DecisionReader(visit.reads).own(visit.caller, part)
    return visit.page(DecisionsPage(DECISIONS.validate_json(json_list(page)), visit.more(page)))


@pages.get(DECISION)
async def show_decision(visit: Visit, decision_id: UUID) -> Response:
    """A decision with its reasons."""
    item = await DecisionReader(visit.reads).one(visit.caller, decision_id)
    form = visit.form_at(f"{LIST}/{decision_id}/appeal")
    return visit.page(DecisionPage(Decision.model_validate_json(item.json), form))


@pages.post(f"{DECISION}/appeal", again=show_decision)
async def appeal(visit: Visit, decision_id: UUID) -> Response:
    """Appeals against a decision."""
    draft = visit.read(AppealCreate)
    service = DecisionService(visit.transaction, visit.client)
    await service.appeal(await visit.user(), decision_id, draft)
    return visit.see(f"{LIST}/{decision_id}", "appeal_made")


@pages.get(LINKED, Access.VISITORS)
async def show_linked_appeal(visit: Visit) -> Response:
    """The form of an appeal by a mailed link."""
    return visit.page(LinkedAppealPage(visit.form_at(LINKED)))


@pages.post(LINKED, Access.VISITORS, again=show_linked_appeal)
async def appeal_by_link(visit: Visit) -> Response:
    """Appeals against a decision by the link in the mail about it."""
    draft = visit.read(LinkedAppeal)
    decision_id = linked_id(visit.safeguards.keyring, APPEALS, draft.token)
    await DecisionService(visit.transaction, visit.client).appeal_by_link(decision_id, draft)
    return visit.see("/", "appeal_made")


@pages.post(f"{CASE}/decision", Access.STAFF, again=show_case)
async def decide_report(visit: Visit, report_id: UUID) -> Response:
    """Decides about a report."""
    draft = visit.read(DecisionCreate)
    service = DecisionService(visit.transaction, visit.client)
    await service.decide(visit.caller, report_id, draft)
    return visit.see(f"{QUEUE_PATH}/{report_id}", "decision_made")
