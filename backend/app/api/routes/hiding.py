"""Hiding jobs, offers and evaluations."""

from uuid import UUID

from fastapi import APIRouter, Response

from app.api.dependencies.authentication import FOR_STAFF, Staff
from app.api.dependencies.hiding import HidingService
from app.db.models.administration import Grounds
from app.http.problems import problems
from app.http.transactions import TransactionalRoute

router = APIRouter(
    prefix="/admin/cleanings/{cleaning_id}", tags=["admin"], route_class=TransactionalRoute
)
EVALUATION = "/bookings/{booking_id}/evaluations/{evaluation_id}"


@router.post(
    "/hiding",
    status_code=204,
    summary="Hide a job",
    responses=problems(*FOR_STAFF, HidingService.hide_cleaning),
)
async def hide_cleaning(
    cleaning_id: UUID, grounds: Grounds, caller: Staff, hiding: HidingService
) -> Response:
    """Shows a job to nobody but its two sides any more; nobody can be booked for it."""
    await hiding.hide_cleaning(caller, cleaning_id, grounds)
    return Response(status_code=204)


@router.delete(
    "/hiding",
    status_code=204,
    summary="Show a job again",
    responses=problems(*FOR_STAFF, HidingService.show_cleaning),
)
async def show_cleaning(
    cleaning_id: UUID, caller: Staff, hiding: HidingService, grounds: Grounds | None = None
) -> Response:
    """Hides a job no longer."""
    await hiding.show_cleaning(caller, cleaning_id, grounds)
    return Response(status_code=204)


@router.post(
    "/offers/{offer_id}/hiding",
    status_code=204,
    summary="Hide an offer",
    responses=problems(*FOR_STAFF, HidingService.hide_offer),
)
async def hide_offer(
    cleaning_id: UUID, offer_id: UUID, grounds: Grounds, caller: Staff, hiding: HidingService
) -> Response:
    """Shows an offer to nobody but its cleaner any more, so that it can't be accepted."""
    await hiding.hide_offer(caller, cleaning_id, offer_id, grounds)
    return Response(status_code=204)


@router.delete(
    "/offers/{offer_id}/hiding",
    status_code=204,
    summary="Show an offer again",
    responses=problems(*FOR_STAFF, HidingService.show_offer),
)
async def show_offer(
    cleaning_id: UUID,
    offer_id: UUID,
    caller: Staff,
    hiding: HidingService,
    grounds: Grounds | None = None,
) -> Response:
    """Hides an offer no longer."""
    await hiding.show_offer(caller, cleaning_id, offer_id, grounds)
    return Response(status_code=204)


@router.post(
    f"{EVALUATION}/hiding",
    status_code=204,
    summary="Hide an evaluation",
    responses=problems(*FOR_STAFF, HidingService.hide_evaluation),
)
async def hide_evaluation(
    cleaning_id: UUID,
    booking_id: UUID,
    evaluation_id: UUID,
    grounds: Grounds,
    caller: Staff,
    hiding: HidingService,
) -> Response:
    """Shows an evaluation to nobody but its author any more, and takes its stars out of account."""
    await hiding.hide_evaluation(caller, cleaning_id, booking_id, evaluation_id, grounds)
    return Response(status_code=204)


@router.delete(
    f"{EVALUATION}/hiding",
    status_code=204,
    summary="Show an evaluation again",
    responses=problems(*FOR_STAFF, HidingService.show_evaluation),
)
async def show_evaluation(
    cleaning_id: UUID,
    booking_id: UUID,
    evaluation_id: UUID,
    caller: Staff,
    hiding: HidingService,
    grounds: Grounds | None = None,
) -> Response:
    """Hides an evaluation no longer, and takes its stars into account again."""
    await hiding.show_evaluation(caller, cleaning_id, booking_id, evaluation_id, grounds)
    return Response(status_code=204)
