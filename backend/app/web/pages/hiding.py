"""Hiding by staff: jobs, packages, offers, evaluations, questions, answers and photos."""

from collections.abc import Awaitable, Callable
from typing import NamedTuple
from uuid import UUID

from starlette.responses import Response

from app.core.catalogues import N_
from app.db.models.administration import Grounds, RestrictionGrounds
from app.services.hiding import HidingService, HidingTarget
from app.services.photo_hiding import PhotoHidingService
from app.web.acts import Act, Carrying, act_page, grounds_of
from app.web.logins import there_of
from app.web.routing import Access, Pages
from app.web.visits import Visit

JOB = "/jobs/{cleaning_id:uuid}"
PACKAGE = "/packages/{package_id:uuid}"
BOOKING = "/bookings/{cleaning_id:uuid}/{booking_id:uuid}"
QUESTION = "questions/{question_id:uuid}"
ANSWER = f"{QUESTION}/answers/{{answer_id:uuid}}"
UPLOAD = "/uploads/{upload_id:uuid}"

SAID = {
    "thing_hidden": N_("It is hidden. The audit has a link that shows it again."),
    "thing_shown": N_("It is shown again."),
}

pages = Pages(Access.STAFF)


class Kind(NamedTuple):
    """A kind of thing that can be hidden.

    Args:
        path: The path of one.
        lock: The use case that locks it.
        hides: The question whether to hide it.
        effect: The effect of hiding it.
        shows: The question whether to show it again.
    """

    path: str
    lock: Callable[..., Awaitable[HidingTarget]]
    hides: str
    effect: str
    shows: str


KINDS = (
    Kind(
        JOB,
        HidingService.cleaning,
        N_("Hide this job?"),
        N_("Only its two sides see it then. It can't be booked."),
        N_("Show this job again?"),
    ),
    Kind(
        PACKAGE,
        HidingService.package,
        N_("Hide this package?"),
        N_("Only its seller sees it then. It can't be ordered."),
        N_("Show this package again?"),
    ),
    Kind(
        f"{JOB}/offers/{{offer_id:uuid}}",
        HidingService.offer,
        N_("Hide this offer?"),
        N_("Only its cleaner sees it then. It can't be accepted."),
        N_("Show this offer again?"),
    ),
    Kind(
        f"{BOOKING}/evaluations/{{evaluation_id:uuid}}",
        HidingService.evaluation,
        N_("Hide this review?"),
        N_("Only its author sees it then. Its stars are not counted."),
        N_("Show this review again?"),
    ),
    Kind(
        f"{JOB}/{QUESTION}",
        HidingService.question,
        N_("Hide this question?"),
        N_("Only its author sees it and its answers then."),
        N_("Show this question again?"),
    ),
    Kind(
        f"{JOB}/{ANSWER}",
        HidingService.answer,
        N_("Hide this answer?"),
        N_("Only its author sees it then."),
        N_("Show this answer again?"),
    ),
    Kind(
        f"{PACKAGE}/{QUESTION}",
        HidingService.package_question,
        N_("Hide this question?"),
        N_("Only its author sees it and its answers then."),
        N_("Show this question again?"),
    ),
    Kind(
        f"{PACKAGE}/{ANSWER}",
        HidingService.package_answer,
        N_("Hide this answer?"),
        N_("Only its author sees it then."),
        N_("Show this answer again?"),
    ),
)


def hiding(title: str, effect: str, hide: Carrying) -> Act:
    """The act of hiding something."""
    said = "thing_hidden"
    return Act("hiding", title, effect, N_("Hide"), said, hide, grounds=RestrictionGrounds)


def showing(title: str, show: Carrying) -> Act:
    """The act of showing something again."""
    effect = N_("It is shown as before it was hidden.")
    act = Act("showing", title, effect, N_("Show again"), "thing_shown", show)
    return act._replace(needs_grounds=False)


def add_kind(kind: Kind) -> None:
    """Adds the pages that hide a kind of thing, and show it again."""

    async def hide(visit: Visit, ids: dict[str, UUID], grounds: RestrictionGrounds) -> None:
        service = HidingService(visit.transaction, visit.client)
        service.hide(visit.caller, await kind.lock(service, visit.caller, **ids), grounds)

    async def show(visit: Visit, ids: dict[str, UUID], grounds: Grounds | None) -> None:
        service = HidingService(visit.transaction, visit.client)
        service.show(visit.caller, await kind.lock(service, visit.caller, **ids), grounds)

    add_act(kind.path, hiding(kind.hides, kind.effect, hide))
    add_act(kind.path, showing(kind.shows, show))


async def hide_photo(visit: Visit, ids: dict[str, UUID], grounds: RestrictionGrounds) -> None:
    """Hides a photo."""
    service = PhotoHidingService(visit.transaction, visit.client)
    service.hide(visit.caller, await service.lock(visit.caller, **ids), grounds)


async def show_photo(visit: Visit, ids: dict[str, UUID], grounds: Grounds | None) -> None:
    """Shows a photo again."""
    service = PhotoHidingService(visit.transaction, visit.client)
    service.show(visit.caller, await service.lock(visit.caller, **ids), grounds)


def add_act(path: str, act: Act) -> None:
    """Adds the page that asks about an act, and its form."""

    async def ask(visit: Visit, **_: UUID) -> Response:
        return act_page(visit, act, "", there_of(visit))

    async def carry_out(visit: Visit, **ids: UUID) -> Response:
        await act.carry_out(visit, ids, grounds_of(visit, act))
        return visit.see(there_of(visit), act.said)

    pages.get(f"{path}/{act.path}")(ask)
    pages.post(f"{path}/{act.path}", again=ask)(carry_out)


for each in KINDS:
    add_kind(each)
gone = N_("It is shown nowhere then, not even to its owner.")
add_act(UPLOAD, hiding(N_("Hide this photo?"), gone, hide_photo))
add_act(UPLOAD, showing(N_("Show this photo again?"), show_photo))
