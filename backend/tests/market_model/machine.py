"""The base of the state machine: requests of people, compared with the rules."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol, TypeVar

from httpx import Response
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine

from tests.driven import Service
from tests.factories.users import Actor
from tests.market_model.people import Person, Refused
from tests.market_model.steps import Step


class Thing(Protocol):
    """An object of the model."""

    path: str
    status: str

    @property
    def is_gone(self) -> bool:
        """Whether it was deleted."""


AThing = TypeVar("AThing", bound=Thing)

PEOPLE = 4
DONE = "done"
GROUNDS = {"reason": "A user complained."}
CHOICE = st.integers(0, 999)
SOMEBODY = st.sampled_from([None] * 6 + [*range(PEOPLE)])
"""The actor of a step: more often one who may take it than any."""


def often(*steps: str, rarely: Sequence[str] = ()) -> Any:
    """A choice of steps, some of which are not to come often, since little can follow."""
    return st.sampled_from([*steps] * 5 + [*rarely])


def answer(response: Response) -> str:
    """That something was done, or the code of the problem."""
    return DONE if response.is_success else str(response.json()["code"])


class Machine(RuleBasedStateMachine):
    """A few people and staff, who send requests to a service."""

    service: Service
    people: list[Person]
    staff: Actor

    def chosen(self, things: Sequence[AThing], step: Step, choice: int) -> AThing:
        """One of the things: of those that fit, more often than any."""
        choice, any_of_them = divmod(choice, 4)
        fitting = [it for it in things if it.status in step.when and not it.is_gone]
        found = things if any_of_them == 3 or not fitting else fitting
        return found[choice % len(found)]

    def person(self, who: int | None, who_may: Person) -> Person:
        return who_may if who is None else self.people[who]

    def send(self, who: Person, method: str, path: str, content: Any = None) -> Response:
        options = {} if content is None else {"json": content}
        return self.service.ask(method, path, token=who.actor.token, **options)

    def take(self, who: Person, name: str, step: Step, on: Thing, *given: int) -> Any:
        """Takes a step; returns the answer, and what the rules make of it."""
        response = self.send(who, step.method, on.path + step.path, step.body)
        return response, self.compare(response, lambda: getattr(on, name)(who, *given))

    def compare(self, response: Response, step: Callable[[], Any]) -> Any:
        """Holds an answer against the rules, and returns what these make of the step."""
        made, expected = None, DONE
        try:
            made = step()
        except Refused as refused:
            expected = refused.code
        assert answer(response) == expected
        return made

    def look_after(self, path: str, *, takes: bool) -> str:
        """The answer to staff, who take or give something."""
        body = {"json": GROUNDS} if takes else {}
        method = "POST" if takes else "DELETE"
        return answer(self.service.ask(method, f"/admin{path}", token=self.staff.token, **body))
