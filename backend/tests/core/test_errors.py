"""Errors: each has a code of its own, words for people, and a status."""

from collections import Counter
from collections.abc import Iterator
from enum import StrEnum

import pytest

import app.api.server  # noqa: F401 (with it, every error has been defined)
from app.core.errors import Conflict, IllegalMove, Invalid, MarketplaceError
from app.http.problems import status_of


class Light(StrEnum):
    RED = "red"
    YELLOW = "yellow"
    GREEN = "green"


class LightNotRed(IllegalMove):
    code = "light_not_red"
    thing = "light"


def all_errors(kind: type[MarketplaceError] = MarketplaceError) -> Iterator[type[MarketplaceError]]:
    for error in kind.__subclasses__():
        if error.__module__.startswith("app."):
            yield error
            yield from all_errors(error)


ERRORS = [error for error in all_errors() if error is not IllegalMove]


@pytest.mark.parametrize("error", ERRORS)
def test_every_error_has_a_status(error: type[MarketplaceError]) -> None:
    assert 400 <= status_of(error) < 600


def test_every_error_has_a_code_of_its_own() -> None:
    codes = Counter(error.code for error in ERRORS)
    assert [code for code, times in codes.items() if times > 1] == []
    assert all(code.isidentifier() and code.islower() for code in codes)


def test_an_error_says_what_its_class_says() -> None:
    class Broken(Conflict):
        code = "broken"
        detail = "It is broken."

    assert str(Broken()) == Broken().detail == "It is broken."


def test_an_error_may_say_more() -> None:
    error = Conflict("It is broken again.", times=2)
    assert error.detail == "It is broken again."
    assert error.members == {"times": 2}


def test_bad_input_is_named() -> None:
    error = Invalid("is too much", field="price")
    assert (error.location, error.field, error.detail) == ("body", "price", "is too much")


def test_a_move_from_an_allowed_state() -> None:
    LightNotRed.unless(Light.RED, [Light.RED, Light.YELLOW], "run")


def test_a_move_from_another_state() -> None:
    with pytest.raises(LightNotRed) as caught:
        LightNotRed.unless(Light.GREEN, [Light.RED, Light.YELLOW], "run")
    assert str(caught.value) == "The light is green; only one that is red or yellow can be run."
    assert caught.value.members == {"state": "green", "allowed": ["red", "yellow"]}
