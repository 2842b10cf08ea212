"""Jobs: the start page, browsing, own jobs, posting, editing, their history, and closing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from starlette.responses import Response

from app.core.catalogues import N_
from app.core.versions import ExpectedVersion
from app.db.models.cleaning_shapes import Cancellation
from app.db.models.cleanings import NotOwner
from app.db.models.listings import CleaningFilters
from app.db.models.pages import Hint
from app.db.models.states.cleanings import CleaningStatus
from app.db.models.states.offers import OfferStatus
from app.db.models.terms import CleaningCreate, CleaningUpdate
from app.db.repositories.cleanings import CleaningReader
from app.db.repositories.offers import OfferReader
from app.db.repositories.pages import PageRequest, SearchPage
from app.db.repositories.question_views import CLEANINGS
from app.services.cleanings import CleaningService
from app.web.forms import Form
from app.web.job_forms import SHOW_EXTRAS, TYPES, job_form
from app.web.job_history import history_of
from app.web.questions import Questions, questions_about
from app.web.rendering import Template
from app.web.routing import Access, Pages
from app.web.views import json_list
from app.web.views.cleanings import JOBS, Job, JobDetail
from app.web.views.offers import OFFERS, Offer
from app.web.views.saved_searches import saving
from app.web.visits import Visit

MOST_OFFERS = 50
"""The number of offers on the page of a job; all are on a page of their own."""

SAID = {
    "job_posted": N_("Your job is online. Cleaners can make offers now."),
    "job_edited": N_("Your changes are saved."),
    "job_cancelled": N_("The job is closed."),
    "job_deleted": N_("The job is deleted."),
}

pages = Pages()

STATES = tuple(CleaningStatus)
ORDER = {OfferStatus.ACCEPTED: 0, OfferStatus.PENDING: 1}
"""The order of offers by their state; all others follow."""


@dataclass(frozen=True)
class JobsPage(Template, file="cleanings/browse.html"):
    """The list of jobs.

    Args:
        form: The filters.
        items: The jobs.
        more: The address of the next page.
        hint: Why a search has found nothing.
        categories: The categories for the filter.
        types: The kinds of cleaning.
        saving: The page that saves the filters; None if they can't be saved.
    """

    form: Form
    items: list[Job]
    more: str | None
    hint: Hint | None
    categories: list[tuple[str, str]]
    types: Sequence[str]
    saving: str | None


@dataclass(frozen=True)
class JobPage(Template, file="cleanings/show.html"):
    """A job.

    Args:
        job: The job.
        trail: The names of its category and all above it.
        offers: Its newest offers, for its owner.
        has_more_offers: Whether there are more of them.
        offer_form: The form of an offer.
        asked: The questions about it.
    """

    job: JobDetail
    trail: list[str]
    offers: list[Offer]
    has_more_offers: bool
    offer_form: Form
    asked: Questions


@dataclass(frozen=True)
class OwnJobsPage(Template, file="cleanings/own.html"):
    """The jobs of the caller.

    Args:
        form: The filters.
        jobs: The jobs.
        more: The address of the next page.
        status: The state that they have; `any` for all.
        states: The states, for the tabs.
        categories: The categories for the filter.
    """

    form: Form
    jobs: list[Job]
    more: str | None
    status: str
    states: Sequence[str]
    categories: list[tuple[str, str]]


@dataclass(frozen=True)
class CancellationPage(Template, file="cleanings/cancel.html"):
    """The question whether to close a job.

    Args:
        form: The reason.
        job: The job.
    """

    form: Form
    job: JobDetail


@pages.get("/jobs", Access.VISITORS)
async def show_jobs(visit: Visit) -> Response:
    """The list of open jobs."""
    form = visit.asked()
    filters = visit.filters(CleaningFilters, form)
    found = await browse(visit, filters, visit.listing.part(filters))
    tree = await visit.site.categories.tree(visit.reads)
    page = JobsPage(
        form=form,
        items=JOBS.validate_json(json_list(found.page)),
        more=visit.more(found.page),
        hint=found.hint,
        categories=tree.options(visit.language, filters.category or ""),
        types=TYPES,
        saving=saving(form.values),
    )
    return visit.page(page, public=True)


@pages.get("/mine")
async def show_own_jobs(visit: Visit) -> Response:
    """The jobs of the caller. Within a page, those with waiting offers come first."""
    form = visit.asked()
    filters = visit.filters(CleaningFilters, form)
    status = filters.status if "status" in filters.model_fields_set else "any"
    own = filters.model_copy(update={"owner": "me", "status": status})
    found = await browse(visit, own, visit.listing.part(own))
    jobs = JOBS.validate_json(json_list(found.page))
    if filters.sort is None and filters.q is None:
        jobs.sort(key=lambda job: not job.waiting)
    tree = await visit.site.categories.tree(visit.reads)
    categories = tree.options(visit.language, filters.category or "")
    return visit.page(OwnJobsPage(form, jobs, visit.more(found.page), status, STATES, categories))


async def browse(visit: Visit, filters: CleaningFilters, request: PageRequest) -> SearchPage:
    """The jobs that match all filters."""
    site = visit.site
    return await CleaningReader(visit.reads).browse(
        visit.optional_caller, filters, request, site.currency, site.languages
    )


@pages.get("/jobs/new")
async def show_new_job(visit: Visit) -> Response:
    """The form of a new job."""
    form = visit.form_at("/jobs/new", {"language": visit.language_of_texts})
    return await job_form(visit, form, None)


@pages.post("/jobs/new", again=show_new_job)
async def post_job(visit: Visit) -> Response:
    """Posts a job, or shows the extras of the chosen category."""
    if SHOW_EXTRAS in visit.sent.values:
        return await show_new_job(visit)
    draft = visit.read(CleaningCreate)
    site = visit.site
    job = await CleaningService(visit.transaction).post(
        visit.caller, draft, site.currency, visit.language_of_texts
    )
    return visit.see(f"/jobs/{job.id}", "job_posted")


@pages.get("/jobs/{cleaning_id:uuid}", Access.VISITORS)
async def show_job(visit: Visit, cleaning_id: UUID) -> Response:
    """A job, with its offers for its owner."""
    job = await read_job(visit, cleaning_id)
    offers, has_more = [], False
    if job.is_own:
        page = await OfferReader(visit.reads).of_cleaning(
            visit.caller, cleaning_id, None, PageRequest(MOST_OFFERS)
        )
        offers = sorted(OFFERS.validate_json(json_list(page)), key=rank)
        has_more = page.next is not None
    tree = await visit.site.categories.tree(visit.reads)
    trail = [it.named(visit.language) for it in tree.trail(job.category)]
    form = visit.form_at(f"/jobs/{cleaning_id}/offers", {"price": job.price})
    asked = await questions_about(
        visit,
        CLEANINGS,
        cleaning_id,
        f"/jobs/{cleaning_id}",
        is_own=job.is_own,
        is_open=job.status == CleaningStatus.OPEN,
    )
    return visit.page(JobPage(job, trail, offers, has_more, form, asked), public=True)


def rank(offer: Offer) -> tuple[Any, ...]:
    """The place of an offer: the accepted one, those to choose from, then others, by price."""
    return ORDER.get(OfferStatus(offer.status), len(ORDER)), offer.outdated, offer.price


async def read_job(visit: Visit, cleaning_id: UUID) -> JobDetail:
    """A job, as the caller or a visitor sees it."""
    item = await CleaningReader(visit.reads).one(visit.optional_caller, cleaning_id)
    job = JobDetail.model_validate_json(item.json)
    job.version = item.version
    return job


async def read_own_job(visit: Visit, cleaning_id: UUID) -> JobDetail:
    """A job of the caller.

    Raises:
        NotOwner: It is another user's.
    """
    job = await read_job(visit, cleaning_id)
    if not job.is_own:
        raise NotOwner
    return job


@pages.get("/jobs/{cleaning_id:uuid}/edit")
async def show_job_form(visit: Visit, cleaning_id: UUID) -> Response:
    """The form that edits a job."""
    job = await read_own_job(visit, cleaning_id)
    form = visit.form_at(f"/jobs/{cleaning_id}/edit", job.editable(), job.version)
    return await job_form(visit, form, job)


@pages.post("/jobs/{cleaning_id:uuid}/edit", again=show_job_form)
async def edit_job(visit: Visit, cleaning_id: UUID) -> Response:
    """Edits a job, or shows the extras of the chosen category."""
    if SHOW_EXTRAS in visit.sent.values:
        return await show_job_form(visit, cleaning_id)
    changes = visit.read(CleaningUpdate, needed=("name", "price"))
    user = await visit.user()
    await CleaningService(visit.transaction).edit(user, cleaning_id, changes, visit.seen)
    return visit.see(f"/jobs/{cleaning_id}", "job_edited")


@pages.get("/jobs/{cleaning_id:uuid}/history")
async def show_history(visit: Visit, cleaning_id: UUID) -> Response:
    """The earlier wordings of a job, with what each change has changed."""
    return await history_of(visit, await read_job(visit, cleaning_id))


@pages.get("/jobs/{cleaning_id:uuid}/cancellation")
async def show_cancellation(visit: Visit, cleaning_id: UUID) -> Response:
    """The question whether to close a job."""
    job = await read_own_job(visit, cleaning_id)
    return visit.page(CancellationPage(visit.form_at(f"/jobs/{cleaning_id}/cancellation"), job))


@pages.post("/jobs/{cleaning_id:uuid}/cancellation", again=show_cancellation)
async def cancel_job(visit: Visit, cleaning_id: UUID) -> Response:
    """Closes a job."""
    reason = visit.read(Cancellation).reason
    user = await visit.user()
    await CleaningService(visit.transaction).cancel(user, cleaning_id, reason, ExpectedVersion())
    return visit.see(f"/jobs/{cleaning_id}", "job_cancelled")


@pages.post("/jobs/{cleaning_id:uuid}/deletion", again=show_job)
async def delete_job(visit: Visit, cleaning_id: UUID) -> Response:
    """Deletes a job."""
    user = await visit.user()
    await CleaningService(visit.transaction).delete(user, cleaning_id, ExpectedVersion())
    return visit.see("/mine", "job_deleted")
