"""Evaluations of one side of a booking by the other."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from starlette.responses import Response

from app.core.catalogues import N_
from app.db.models.evaluations import CRITERIA, EvaluationCreate
from app.services.evaluations import EvaluationService
from app.web.forms import Form
from app.web.pages.bookings import BOOKING, read_booking
from app.web.rendering import Template
from app.web.routing import Pages
from app.web.views.bookings import Booking
from app.web.visits import Visit

SAID = {"evaluated": N_("Thank you. Your review is online.")}

pages = Pages()


@dataclass(frozen=True)
class EvaluationPage(Template, file="evaluations/edit.html"):
    """The form of an evaluation.

    Args:
        form: The fields.
        booking: The booking.
        criteria: What can be rated beside the whole.
    """

    form: Form
    booking: Booking
    criteria: Sequence[str]


@pages.get(f"{BOOKING}/evaluation")
async def show_evaluation(visit: Visit, cleaning_id: UUID, booking_id: UUID) -> Response:
    """The form of an evaluation."""
    booking = await read_booking(visit, cleaning_id, booking_id)
    form = visit.form_at(f"{booking.path}/evaluation")
    criteria = CRITERIA if booking.is_owner else ()
    return visit.page(EvaluationPage(form, booking, criteria))


@pages.post(f"{BOOKING}/evaluation", again=show_evaluation)
async def evaluate(visit: Visit, cleaning_id: UUID, booking_id: UUID) -> Response:
    """Evaluates the other side of a booking."""
    draft, user = visit.read(EvaluationCreate), await visit.user()
    await EvaluationService(visit.transaction).evaluate(user, cleaning_id, booking_id, draft)
    return visit.see(f"/bookings/{cleaning_id}/{booking_id}", "evaluated")
