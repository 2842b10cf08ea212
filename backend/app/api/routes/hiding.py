"""Hiding packages, jobs, offers, evaluations, questions, answers and photos."""

from collections.abc import Awaitable, Callable
from typing import Annotated, NamedTuple
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from app.api.dependencies.authentication import FOR_STAFF, Staff
from app.api.dependencies.hiding import HidingService, PhotoHidingService
from app.api.dependencies.paths import (
    Ids,
    answer_ids,
    cleaning_ids,
    evaluation_ids,
    offer_ids,
    package_answer_ids,
    package_ids,
    package_question_ids,
    question_ids,
)
from app.db.models.administration import Grounds, RestrictionGrounds
from app.http.problems import problems
from app.http.transactions import TransactionalRoute
from app.services.hiding import HidingTarget

router = APIRouter(prefix="/admin", tags=["admin"], route_class=TransactionalRoute)

JOB = "/cleanings/{cleaning_id}"
PACKAGE = "/packages/{package_id}"


class Kind(NamedTuple):
    """A kind of thing that can be hidden.

    Args:
        name: Its name in the names of the operations.
        noun: Its name in their summaries.
        path: Its path.
        ids: The dependency that reads the ids in the path.
        lock: The use case that locks it.
        hides: The description of hiding it.
        shows: The description of showing it again.
    """

    name: str
    noun: str
    path: str
    ids: Callable[..., Awaitable[Ids]]
    lock: Callable[..., Awaitable[HidingTarget]]
    hides: str
    shows: str


KINDS = (
    Kind(
        "package",
        "a package",
        "/packages/{package_id}",
        package_ids,
        HidingService.package,
        "Hides a package from all users but its seller. It can't be ordered.",
        "Shows a hidden package again.",
    ),
    Kind(
        "cleaning",
        "a job",
        JOB,
        cleaning_ids,
        HidingService.cleaning,
        "Hides a job from all users but its two sides. It can't be booked.",
        "Shows a hidden job again.",
    ),
    Kind(
        "offer",
        "an offer",
        f"{JOB}/offers/{{offer_id}}",
        offer_ids,
        HidingService.offer,
        "Hides an offer from all users but its cleaner. It can't be accepted.",
        "Shows a hidden offer again.",
    ),
    Kind(
        "evaluation",
        "an evaluation",
        f"{JOB}/bookings/{{booking_id}}/evaluations/{{evaluation_id}}",
        evaluation_ids,
        HidingService.evaluation,
        "Hides an evaluation from all users but its author. Its stars are not counted.",
        "Shows a hidden evaluation again. Its stars are counted again.",
    ),
    Kind(
        "question",
        "a question",
        f"{JOB}/questions/{{question_id}}",
        question_ids,
        HidingService.question,
        "Hides a question and its answers from all users but its author.",
        "Shows a hidden question again, with its answers.",
    ),
    Kind(
        "answer",
        "an answer",
        f"{JOB}/questions/{{question_id}}/answers/{{answer_id}}",
        answer_ids,
        HidingService.answer,
        "Hides an answer from all users but its author.",
        "Shows a hidden answer again.",
    ),
    Kind(
        "package_question",
        "a question about a package",
        f"{PACKAGE}/questions/{{question_id}}",
        package_question_ids,
        HidingService.package_question,
        "Hides a question and its answers from all users but its author.",
        "Shows a hidden question again, with its answers.",
    ),
    Kind(
        "package_answer",
        "an answer about a package",
        f"{PACKAGE}/questions/{{question_id}}/answers/{{answer_id}}",
        package_answer_ids,
        HidingService.package_answer,
        "Hides an answer from all users but its author.",
        "Shows a hidden answer again.",
    ),
)


def add_routes(kind: Kind) -> None:
    """Adds the two routes that hide a kind of thing and show it again."""

    @router.post(
        f"{kind.path}/hiding",
        status_code=204,
        name=f"hide_{kind.name}",
        summary=f"Hide {kind.noun}",
        description=kind.hides,
        responses=problems(*FOR_STAFF, kind.lock),
    )
    async def hide(
        ids: Annotated[Ids, Depends(kind.ids)],
        grounds: RestrictionGrounds,
        caller: Staff,
        hiding: HidingService,
    ) -> Response:
        hiding.hide(caller, await kind.lock(hiding, caller, **ids), grounds)
        return Response(status_code=204)

    @router.delete(
        f"{kind.path}/hiding",
        status_code=204,
        name=f"show_{kind.name}",
        summary=f"Show {kind.noun} again",
        description=kind.shows,
        responses=problems(*FOR_STAFF, kind.lock),
    )
    async def show(
        ids: Annotated[Ids, Depends(kind.ids)],
        caller: Staff,
        hiding: HidingService,
        grounds: Grounds | None = None,
    ) -> Response:
        hiding.show(caller, await kind.lock(hiding, caller, **ids), grounds)
        return Response(status_code=204)


for each in KINDS:
    add_routes(each)


@router.post(
    "/uploads/{upload_id}/hiding",
    status_code=204,
    summary="Hide a photo",
    responses=problems(*FOR_STAFF, PhotoHidingService.lock),
)
async def hide_photo(
    upload_id: UUID, grounds: RestrictionGrounds, caller: Staff, hiding: PhotoHidingService
) -> Response:
    """Hides a photo: its files are gone at once, and what it belongs to lacks it."""
    hiding.hide(caller, await hiding.lock(caller, upload_id), grounds)
    return Response(status_code=204)


@router.delete(
    "/uploads/{upload_id}/hiding",
    status_code=204,
    summary="Show a photo again",
    responses=problems(*FOR_STAFF, PhotoHidingService.lock),
)
async def show_photo(
    upload_id: UUID,
    caller: Staff,
    hiding: PhotoHidingService,
    grounds: Grounds | None = None,
) -> Response:
    """Shows a hidden photo again, in its place."""
    hiding.show(caller, await hiding.lock(caller, upload_id), grounds)
    return Response(status_code=204)
