"""Accounts, and steps that the rules refuse."""

from dataclasses import dataclass, field

from tests.factories.users import Actor


class Refused(Exception):
    """A step that the rules forbid.

    Args:
        code: That of the problem that is answered.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def demand(condition: object, code: str) -> None:
    """Refuses a step unless something is so."""
    if not condition:
        raise Refused(code)


@dataclass(eq=False)
class Person:
    """A user with an account."""

    actor: Actor
    blocked: bool = False
    deleted: bool = False
    stars: list[int] = field(default_factory=list)
    """What counts in their rating as a cleaner."""

    @property
    def acts(self) -> bool:
        return not (self.blocked or self.deleted)

    def act(self) -> None:
        demand(self.acts, "unauthenticated")
