"""Reports: made by users, taken by staff."""

from dataclasses import dataclass
from uuid import UUID

from starlette.responses import Response

from app.core.catalogues import N_
from app.db.models.decisions import RULES
from app.db.models.pages import PageParameters
from app.db.models.reported import THINGS, reported
from app.db.models.reports import ReportCreate, ReportFilters
from app.db.repositories.reports import ReportReader
from app.services.reported_addresses import path_of
from app.services.reports import ReportService
from app.web.contexts import Options
from app.web.forms import Form
from app.web.rendering import Template
from app.web.routing import Access, Pages
from app.web.views import json_list
from app.web.views.reports import (
    KINDS,
    QUEUE,
    REPORTS,
    STATES,
    Case,
    QueuedReport,
    Report,
)
from app.web.visits import Visit

NEW, LIST, QUEUE_PATH = "/report", "/account/reports", "/staff/reports"
CASE = f"{QUEUE_PATH}/{{report_id:uuid}}"

SAID = {
    "report_made": N_("Staff looks at your report, and you are told of the decision."),
    "report_taken_by_staff": N_("You have taken the report."),
    "report_released": N_("The report waits again."),
}

pages = Pages()


@dataclass(frozen=True)
class ReportingPage(Template, file="reports/new.html"):
    """The form of a report.

    Args:
        form: The kind and the words.
        thing: The kind of the thing, to be translated.
        kinds: What can be wrong, with the words for it.
    """

    form: Form
    thing: str
    kinds: Options


@dataclass(frozen=True)
class ReportsPage(Template, file="reports/own.html"):
    """The reports of the caller.

    Args:
        reports: The reports.
        more: The address of the next page.
    """

    reports: list[Report]
    more: str | None


@dataclass(frozen=True)
class QueuePage(Template, file="reports/queue.html"):
    """The reports for staff.

    Args:
        reports: The reports.
        more: The address of the next page.
        form: The filters.
        states: The states of reports, with their words.
        kinds: What can be wrong, with the words for it.
    """

    reports: list[QueuedReport]
    more: str | None
    form: Form
    states: Options
    kinds: Options


@dataclass(frozen=True)
class CasePage(Template, file="reports/case.html"):
    """A report for staff, and the form that decides about it.

    Args:
        report: The report.
        form: The decision.
        measures: The measures, with their words.
        rules: The rules, with their sentences.
    """

    report: Case
    form: Form
    measures: Options
    rules: Options


@pages.get(NEW)
async def show_reporting(visit: Visit) -> Response:
    """The form that reports the thing in the query."""
    about = visit.request.query_params.get("about", "")
    form = visit.form_at(NEW, None if visit.refused else {"path": path_of(about)})
    subject, _ = reported(path_of(form.value("path")))
    return visit.page(ReportingPage(form, THINGS[subject], visit.options(KINDS)))


@pages.post(NEW, again=show_reporting)
async def make_report(visit: Visit) -> Response:
    """Reports a thing."""
    draft = visit.read(ReportCreate)
    await report_service(visit).make(visit.caller, draft)
    return visit.see(LIST, "report_made")


@pages.get(LIST)
async def show_reports(visit: Visit) -> Response:
    """The reports of the caller."""
    part = visit.listing.part(visit.filters(PageParameters, visit.asked()))
    page = await ReportReader(visit.reads).own(visit.caller, part)
    return visit.page(ReportsPage(REPORTS.validate_json(json_list(page)), visit.more(page)))


@pages.get(QUEUE_PATH, Access.STAFF)
async def show_queue(visit: Visit) -> Response:
    """The reports in a state, oldest first."""
    form = visit.asked()
    filters = visit.filters(ReportFilters, form)
    page = await ReportReader(visit.reads).queue(visit.caller, filters, visit.listing.part(filters))
    found = QUEUE.validate_json(json_list(page))
    states, kinds = visit.options(STATES), visit.options(KINDS)
    return visit.page(QueuePage(found, visit.more(page), form, states, kinds))


@pages.get(CASE, Access.STAFF, is_recorded=True)
async def show_case(visit: Visit, report_id: UUID) -> Response:
    """A report with the copy of the thing."""
    item = await report_service(visit).read(visit.caller, report_id)
    form = visit.form_at(f"{QUEUE_PATH}/{report_id}/decision")
    report = Case.model_validate_json(item.json)
    measures, rules = visit.options(report.measures), visit.options(RULES)
    return visit.page(CasePage(report, form, measures, rules))


@pages.post(f"{CASE}/taking", Access.STAFF)
async def take_report(visit: Visit, report_id: UUID) -> Response:
    """Takes a report."""
    await report_service(visit).take(visit.caller, report_id)
    return visit.see(f"{QUEUE_PATH}/{report_id}", "report_taken_by_staff")


@pages.post(f"{CASE}/release", Access.STAFF)
async def release_report(visit: Visit, report_id: UUID) -> Response:
    """Has a report wait again."""
    await report_service(visit).release(visit.caller, report_id)
    return visit.see(QUEUE_PATH, "report_released")


def report_service(visit: Visit) -> ReportService:
    """The use cases of reports."""
    return ReportService(visit.transaction, visit.client, visit.safeguards)
