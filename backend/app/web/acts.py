"""Acts of staff: each is asked about on a page of its own, with the grounds for it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import NamedTuple

from starlette.responses import Response

from app.db.models.administration import Grounds
from app.web.forms import Form
from app.web.rendering import Template
from app.web.visits import Visit

Carrying = Callable[..., Awaitable[object]]
"""Carries an act out, for the visit, the ids in the path, and the grounds."""


class Act(NamedTuple):
    """An act of staff.

    Args:
        path: The end of its path.
        title: The question.
        text: The effect.
        button: The verb.
        said: The code of the message about it.
        carry_out: Carries it out.
        needs_grounds: Whether it needs a reason; otherwise one may be given.
    """

    path: str
    title: str
    text: str
    button: str
    said: str
    carry_out: Carrying
    needs_grounds: bool = True


@dataclass(frozen=True)
class ActPage(Template, file="staff/act.html"):
    """The question whether to act, with the grounds.

    Args:
        form: The grounds.
        act: The act.
        about: The name of the account that it is about; empty for other things.
        there: The page to go back to.
    """

    form: Form
    act: Act
    about: str
    there: str


def act_page(visit: Visit, act: Act, about: str, there: str) -> Response:
    """The question whether to act."""
    return visit.page(ActPage(visit.form_at(visit.path), act, about, there))


def grounds_of(visit: Visit, act: Act) -> Grounds | None:
    """The grounds that were entered; None if there are none and the act needs none.

    Raises:
        InvalidForm: The grounds are missing or too long.
    """
    if not act.needs_grounds and not visit.sent.value("reason").strip():
        return None
    return visit.read(Grounds)
