"""Bookings: the agenda, one booking with its checklist, its end, and the earnings of cleaners."""

from dataclasses import dataclass
from uuid import UUID

from starlette.responses import Response

from app.core.catalogues import N_
from app.core.versions import ExpectedVersion
from app.db.models.booking_shapes import BookingFilters
from app.db.models.checklists import Tick
from app.db.models.cleaning_shapes import Cancellation
from app.db.models.pages import PageParameters
from app.db.models.profiles import ProfileNotFound
from app.db.repositories.agendas import AgendaPart, AgendaReader
from app.db.repositories.bookings import BookingReader
from app.db.repositories.earnings import EarningsReader
from app.db.repositories.evaluations import EvaluationReader
from app.db.repositories.pages import Page
from app.db.repositories.profiles import ProfileReader
from app.services.bookings import BookingService
from app.web.forms import Form
from app.web.rendering import Template
from app.web.routing import Pages
from app.web.views import json_list
from app.web.views.bookings import BOOKINGS, Booking, Contact, Plan, plan_of
from app.web.views.earnings import SUMS, Chart, charts_of, last_months
from app.web.views.evaluations import EVALUATIONS, Evaluation
from app.web.visits import Visit

BOOKING = "/bookings/{cleaning_id:uuid}/{booking_id:uuid}"
MOST_SCHEDULED = 100
"""The scheduled bookings that one page puts in the order of their start."""

SAID = {
    "work_reported": N_("You have reported the work done."),
    "booking_completed": N_("The work is done. Say how it was."),
    "booking_cancelled": N_("The booking is cancelled."),
    "booking_missed": N_("The booking has ended as a no-show."),
}

pages = Pages()


@dataclass(frozen=True)
class BookingsPage(Template, file="bookings/list.html"):
    """The bookings of the caller.

    Args:
        part: The part of the agenda.
        parts: All parts, for the tabs.
        role: The side that the caller is on; empty for both.
        plan: Scheduled bookings by their start.
        bookings: Other bookings, newest first.
        waiting: The number of bookings to review.
        more: The address of the next page.
    """

    part: AgendaPart
    parts: tuple[AgendaPart, ...]
    role: str
    plan: Plan
    bookings: list[Booking]
    waiting: int
    more: str | None


@dataclass(frozen=True)
class EarningsPage(Template, file="bookings/earnings.html"):
    """The earnings of the caller.

    Args:
        charts: The sums of the last months, by currency.
        bookings: The completed bookings, newest first.
        more: The address of the next page.
    """

    charts: list[Chart]
    bookings: list[Booking]
    more: str | None


@dataclass(frozen=True)
class BookingPage(Template, file="bookings/show.html"):
    """A booking.

    Args:
        booking: The booking.
        trail: The names of the category of the job and all above it.
        contact: How to reach the other side, while both see that.
        evaluations: What both sides have said.
    """

    booking: Booking
    trail: list[str]
    contact: Contact | None
    evaluations: list[Evaluation]


@dataclass(frozen=True)
class CancellationPage(Template, file="bookings/cancel.html"):
    """The question whether to cancel a booking.

    Args:
        form: The reason.
        booking: The booking.
    """

    form: Form
    booking: Booking


@dataclass(frozen=True)
class NoShowPage(Template, file="bookings/no_show.html"):
    """The question whether the cleaner has not come.

    Args:
        booking: The booking.
    """

    booking: Booking


@pages.get("/bookings")
async def show_bookings(visit: Visit) -> Response:
    """The bookings of the caller: those to come by their start, others newest first."""
    form = visit.asked()
    filters = visit.filters(BookingFilters, form)
    wanted = form.value("part")
    part = AgendaPart(wanted) if wanted in tuple(AgendaPart) else AgendaPart.SCHEDULED
    if part is AgendaPart.SCHEDULED:
        filters.limit = MOST_SCHEDULED
    request = visit.listing.part(filters)
    page = await AgendaReader(visit.reads).part(visit.caller, part, filters.role, request)
    bookings = bookings_on(visit, page)
    is_plan = part is AgendaPart.SCHEDULED
    answer = BookingsPage(
        part=part,
        parts=tuple(AgendaPart),
        role=filters.role or "",
        plan=plan_of(bookings if is_plan else [], visit.site.zone),
        bookings=[] if is_plan else bookings,
        waiting=page.parent,
        more=visit.more(page),
    )
    return visit.page(answer)


@pages.get("/earnings")
async def show_earnings(visit: Visit) -> Response:
    """The completed bookings of the caller as a cleaner, with sums by month and currency."""
    months = last_months(visit.site.zone)
    request = visit.listing.part(PageParameters())
    page = await EarningsReader(visit.reads).page(
        visit.caller, months[0], visit.site.zone.key, request
    )
    bookings = bookings_on(visit, page)
    charts = charts_of(SUMS.validate_json(page.parent), months)
    return visit.page(EarningsPage(charts, bookings, visit.more(page)))


def bookings_on(visit: Visit, page: Page) -> list[Booking]:
    """The bookings of a page of a list."""
    listed = BOOKINGS.validate_json(json_list(page))
    return [booking.seen_by(visit.caller.user_id) for booking in listed]


async def read_booking(visit: Visit, cleaning_id: UUID, booking_id: UUID) -> Booking:
    """A booking, for one of its sides.

    Raises:
        BookingNotFound: The caller has no part in it.
    """
    item = await BookingReader(visit.reads).one(visit.caller, cleaning_id, booking_id)
    return Booking.model_validate_json(item.json).seen_by(visit.caller.user_id)


async def read_contact(visit: Visit, booking: Booking) -> Contact | None:
    """How to reach the other side of a booking, while the API shows that."""
    if not booking.is_reachable:
        return None
    try:
        item = await ProfileReader(visit.reads).named(visit.caller, str(booking.other.id))
    except ProfileNotFound:  # of an account that is blocked or deleted
        return None
    return Contact.model_validate_json(item.json)


@pages.get(BOOKING)
async def show_booking(visit: Visit, cleaning_id: UUID, booking_id: UUID) -> Response:
    """A booking: who, when, where, how to reach each other, and what can be done."""
    booking = await read_booking(visit, cleaning_id, booking_id)
    contact = await read_contact(visit, booking)
    given: list[str] = []
    if booking.has_reviews:
        reader = EvaluationReader(visit.reads)
        given = await reader.of_booking(visit.caller, cleaning_id, booking_id)
    tree = await visit.site.categories.tree(visit.reads)
    trail = [it.named(visit.language) for it in tree.trail(booking.terms.category)]
    evaluations = EVALUATIONS.validate_json(f"[{','.join(given)}]")
    return visit.page(BookingPage(booking, trail, contact, evaluations))


def service_of(visit: Visit) -> BookingService:
    """The use cases of bookings."""
    return BookingService(visit.transaction, visit.request.app.state.answered_within)


async def show_checklist(
    visit: Visit, cleaning_id: UUID, booking_id: UUID, number: int
) -> Response:
    """The booking of an item that could not be ticked off."""
    del number
    return await show_booking(visit, cleaning_id, booking_id)


@pages.post(f"{BOOKING}/checklist/{{number:number}}", again=show_checklist)
async def tick_item(visit: Visit, cleaning_id: UUID, booking_id: UUID, number: int) -> Response:
    """Ticks off an item of the checklist, or takes the tick back."""
    tick, user = visit.read(Tick), await visit.user()
    expected = ExpectedVersion()
    await service_of(visit).tick(user, cleaning_id, booking_id, number, tick, expected)
    return visit.see(f"/bookings/{cleaning_id}/{booking_id}#checklist")


@pages.post(f"{BOOKING}/completion-report", again=show_booking)
async def report_work(visit: Visit, cleaning_id: UUID, booking_id: UUID) -> Response:
    """Reports the work done."""
    user = await visit.user()
    await service_of(visit).report(user, cleaning_id, booking_id, ExpectedVersion())
    return visit.see(f"/bookings/{cleaning_id}/{booking_id}", "work_reported")


@pages.post(f"{BOOKING}/completion", again=show_booking)
async def complete_booking(visit: Visit, cleaning_id: UUID, booking_id: UUID) -> Response:
    """Marks a booking as done, and leads to the evaluation."""
    user = await visit.user()
    await service_of(visit).complete(user, cleaning_id, booking_id, ExpectedVersion())
    return visit.see(f"/bookings/{cleaning_id}/{booking_id}/evaluation", "booking_completed")


@pages.get(f"{BOOKING}/cancellation")
async def show_cancellation(visit: Visit, cleaning_id: UUID, booking_id: UUID) -> Response:
    """The question whether to cancel a booking."""
    booking = await read_booking(visit, cleaning_id, booking_id)
    return visit.page(CancellationPage(visit.form_at(f"{booking.path}/cancellation"), booking))


@pages.post(f"{BOOKING}/cancellation", again=show_cancellation)
async def cancel_booking(visit: Visit, cleaning_id: UUID, booking_id: UUID) -> Response:
    """Cancels a booking."""
    reason, user = visit.read(Cancellation).reason, await visit.user()
    await service_of(visit).cancel(user, cleaning_id, booking_id, reason, ExpectedVersion())
    return visit.see(f"/bookings/{cleaning_id}/{booking_id}", "booking_cancelled")


@pages.get(f"{BOOKING}/no-show")
async def show_no_show(visit: Visit, cleaning_id: UUID, booking_id: UUID) -> Response:
    """The question whether the cleaner has not come."""
    return visit.page(NoShowPage(await read_booking(visit, cleaning_id, booking_id)))


@pages.post(f"{BOOKING}/no-show", again=show_no_show)
async def miss_booking(visit: Visit, cleaning_id: UUID, booking_id: UUID) -> Response:
    """Marks a booking as a no-show."""
    user = await visit.user()
    await service_of(visit).miss(user, cleaning_id, booking_id, ExpectedVersion())
    return visit.see(f"/bookings/{cleaning_id}/{booking_id}", "booking_missed")
