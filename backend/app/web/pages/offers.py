"""Offers: making, comparing, accepting, declining, revising, withdrawing and renewing them."""

from dataclasses import dataclass
from uuid import UUID

from starlette.responses import Response

from app.core.catalogues import N_
from app.core.versions import ExpectedVersion
from app.db.models.offers import OfferCreate, OfferFilters, OfferRenewal, OfferUpdate
from app.db.models.pages import PageParameters
from app.db.repositories.offers import OfferReader
from app.services.offers import OfferService
from app.web.forms import Form
from app.web.pages.cleanings import read_job, read_own_job, show_job
from app.web.rendering import Template
from app.web.routing import Pages
from app.web.views import json_list
from app.web.views.cleanings import JobDetail
from app.web.views.offers import OFFERS, Offer
from app.web.visits import Visit

OFFER = "/jobs/{cleaning_id:uuid}/offers/{offer_id:uuid}"

SAID = {
    "offer_made": N_("Your offer is on its way."),
    "offer_accepted": N_("The job is booked. You both see now how to reach each other."),
    "offer_rejected": N_("You have declined the offer."),
    "offer_revised": N_("Your offer is changed."),
    "offer_withdrawn": N_("Your offer is withdrawn."),
    "offer_renewed": N_("Your offer holds for the present job."),
}

pages = Pages()


@dataclass(frozen=True)
class OffersPage(Template, file="offers/own.html"):
    """The offers of the caller.

    Args:
        offers: The offers.
        more: The address of the next page.
        status: The state that they have; empty for any.
    """

    offers: list[Offer]
    more: str | None
    status: str


@dataclass(frozen=True)
class OffersOfJobPage(Template, file="offers/all.html"):
    """All offers for a job of the caller.

    Args:
        job: The job.
        offers: The offers.
        more: The address of the next page.
    """

    job: JobDetail
    offers: list[Offer]
    more: str | None


@dataclass(frozen=True)
class AcceptancePage(Template, file="offers/accept.html"):
    """The question whether to accept an offer.

    Args:
        job: The job.
        offer: The offer.
    """

    job: JobDetail
    offer: Offer


@dataclass(frozen=True)
class OfferFormPage(Template, file="offers/edit.html"):
    """The form that revises or renews an offer.

    Args:
        job: The job.
        form: The fields.
        renews: Whether the offer is renewed.
    """

    job: JobDetail
    form: Form
    renews: bool


@pages.get("/offers")
async def show_offers(visit: Visit) -> Response:
    """The offers of the caller, newest first."""
    filters = visit.filters(OfferFilters, visit.asked())
    page = await OfferReader(visit.reads).own(
        visit.caller, filters.status, visit.listing.part(filters)
    )
    offers = OFFERS.validate_json(json_list(page))
    return visit.page(OffersPage(offers, visit.more(page), filters.status or ""))


@pages.get("/jobs/{cleaning_id:uuid}/offers")
async def show_offers_of_job(visit: Visit, cleaning_id: UUID) -> Response:
    """All offers for a job of the caller, newest first."""
    job = await read_own_job(visit, cleaning_id)
    part = visit.listing.part(visit.filters(PageParameters, visit.asked()))
    page = await OfferReader(visit.reads).of_cleaning(visit.caller, cleaning_id, None, part)
    offers = OFFERS.validate_json(json_list(page))
    return visit.page(OffersOfJobPage(job, offers, visit.more(page)))


@pages.post("/jobs/{cleaning_id:uuid}/offers", again=show_job)
async def make_offer(visit: Visit, cleaning_id: UUID) -> Response:
    """Makes an offer."""
    draft = visit.read(OfferCreate)
    await OfferService(visit.transaction).make(visit.caller, cleaning_id, draft)
    return visit.see(f"/jobs/{cleaning_id}", "offer_made")


async def read_offer(visit: Visit, cleaning_id: UUID, offer_id: UUID) -> tuple[JobDetail, Offer]:
    """An offer, with its job."""
    item = await OfferReader(visit.reads).one(visit.caller, cleaning_id, offer_id)
    offer = Offer.model_validate_json(item.json)
    offer.version = item.version
    return await read_job(visit, cleaning_id), offer


@pages.get(f"{OFFER}/acceptance")
async def show_acceptance(visit: Visit, cleaning_id: UUID, offer_id: UUID) -> Response:
    """The question whether to accept an offer."""
    return visit.page(AcceptancePage(*await read_offer(visit, cleaning_id, offer_id)))


async def show_job_of_offer(visit: Visit, cleaning_id: UUID, offer_id: UUID) -> Response:
    """The job of an offer that was refused a change."""
    del offer_id
    return await show_job(visit, cleaning_id)


@pages.post(f"{OFFER}/acceptance", again=show_job_of_offer)
async def accept_offer(visit: Visit, cleaning_id: UUID, offer_id: UUID) -> Response:
    """Accepts an offer, as it was seen."""
    user = await visit.locked_user()
    service = OfferService(visit.transaction)
    booking = await service.accept(user, cleaning_id, offer_id, visit.seen)
    return visit.see(f"/bookings/{cleaning_id}/{booking.id}", "offer_accepted")


@pages.post(f"{OFFER}/rejection", again=show_job_of_offer)
async def reject_offer(visit: Visit, cleaning_id: UUID, offer_id: UUID) -> Response:
    """Declines an offer."""
    user = await visit.user()
    service = OfferService(visit.transaction)
    await service.reject(user, cleaning_id, offer_id, ExpectedVersion())
    return visit.see(f"/jobs/{cleaning_id}", "offer_rejected")


@pages.post(f"{OFFER}/withdrawal", again=show_job_of_offer)
async def withdraw_offer(visit: Visit, cleaning_id: UUID, offer_id: UUID) -> Response:
    """Withdraws an offer."""
    user = await visit.user()
    service = OfferService(visit.transaction)
    await service.withdraw(user, cleaning_id, offer_id, ExpectedVersion())
    return visit.see(f"/jobs/{cleaning_id}", "offer_withdrawn")


async def offer_form(
    visit: Visit, cleaning_id: UUID, offer_id: UUID, action: str, *, renews: bool
) -> Response:
    """The form that revises or renews an offer."""
    job, offer = await read_offer(visit, cleaning_id, offer_id)
    content = {"price": offer.price, "message": offer.message}
    path = f"/jobs/{cleaning_id}/offers/{offer_id}/{action}"
    form = visit.form_at(path, content, offer.version)
    return visit.page(OfferFormPage(job, form, renews))


@pages.get(f"{OFFER}/edit")
async def show_revision(visit: Visit, cleaning_id: UUID, offer_id: UUID) -> Response:
    """The form that revises an offer."""
    return await offer_form(visit, cleaning_id, offer_id, "edit", renews=False)


@pages.post(f"{OFFER}/edit", again=show_revision)
async def revise_offer(visit: Visit, cleaning_id: UUID, offer_id: UUID) -> Response:
    """Revises an offer."""
    changes = visit.read(OfferUpdate, needed=("price",))
    user = await visit.locked_user()
    service = OfferService(visit.transaction)
    await service.revise(user, cleaning_id, offer_id, changes, visit.seen)
    return visit.see(f"/jobs/{cleaning_id}", "offer_revised")


@pages.get(f"{OFFER}/renewal")
async def show_renewal(visit: Visit, cleaning_id: UUID, offer_id: UUID) -> Response:
    """The form that renews an offer."""
    return await offer_form(visit, cleaning_id, offer_id, "renewal", renews=True)


@pages.post(f"{OFFER}/renewal", again=show_renewal)
async def renew_offer(visit: Visit, cleaning_id: UUID, offer_id: UUID) -> Response:
    """Renews an offer."""
    renewal = visit.read(OfferRenewal, needed=("price",))
    user = await visit.locked_user()
    service = OfferService(visit.transaction)
    await service.renew(user, cleaning_id, offer_id, renewal, ExpectedVersion())
    return visit.see(f"/jobs/{cleaning_id}", "offer_renewed")
