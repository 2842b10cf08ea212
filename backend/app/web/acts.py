"""Acts of staff: each is asked about on a page of its own, with the grounds for it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import NamedTuple, get_args

from starlette.responses import Response

from app.db.models.administration import Grounds, RestrictionGrounds
from app.db.models.decisions import RULES, MarketRule, Rule
from app.web.contexts import Options
from app.web.forms import Form
from app.web.rendering import Template
from app.web.visits import Visit

Carrying = Callable[..., Awaitable[object]]
"""Carries an act out, for the visit, the ids in the path, and the grounds."""
MARKET_RULES = {rule: RULES[rule] for rule in map(Rule, get_args(MarketRule))}


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
        grounds: What is asked for: a reason, or that of a restriction with its rule.
    """

    path: str
    title: str
    text: str
    button: str
    said: str
    carry_out: Carrying
    needs_grounds: bool = True
    grounds: type[Grounds] = Grounds


@dataclass(frozen=True)
class ActPage(Template, file="staff/act.html"):
    """The question whether to act, with the grounds.

    Args:
        form: The grounds.
        act: The act.
        rules: The rules with their sentences, if it needs one.
        about: The name of the account that it is about; empty for other things.
        there: The page to go back to.
    """

    form: Form
    act: Act
    rules: Options
    about: str
    there: str


def act_page(visit: Visit, act: Act, about: str, there: str) -> Response:
    """The question whether to act."""
    rules = visit.options(MARKET_RULES) if act.grounds is RestrictionGrounds else []
    form = visit.form_at(visit.path, {"rule": Rule.TERMS} if rules else None)
    return visit.page(ActPage(form, act, rules, about, there))


def grounds_of(visit: Visit, act: Act) -> Grounds | None:
    """The grounds that were entered; None if there are none and the act needs none.

    Raises:
        InvalidForm: The grounds are missing or too long.
    """
    if not act.needs_grounds and not visit.sent.value("reason").strip():
        return None
    return visit.read(act.grounds)
