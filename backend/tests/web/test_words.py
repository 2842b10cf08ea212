"""Every error that a page or a form can end in has a sentence for people, and a next step."""

import re
from collections.abc import Iterator

import pytest

from app.core.errors import (
    Conflict,
    Forbidden,
    HeadersTooLarge,
    Invalid,
    MarketplaceError,
    NotFound,
    TooManyRequests,
    Unavailable,
    UnknownHost,
    UnsupportedMediaType,
    UriTooLong,
)
from app.db.models.api_keys import InsufficientScope, SessionNeeded
from app.http.draining import Stopping
from app.postgres.readiness import DatabaseUnreachable, MigrationsMissing
from app.web.answering import ELSEWHERE
from app.web.pages import ROUTES
from app.web.words import FIELDS, ITSELF, NEXT_STEPS, SENTENCES

KINDS = {Conflict, Forbidden, NotFound}
"""Errors that are raised as one of their subclasses."""
NOT_OF_PAGES: set[type[MarketplaceError]] = {
    *KINDS,
    *(InsufficientScope, SessionNeeded),  # of API keys
    *(UnknownHost, HeadersTooLarge, UriTooLong, UnsupportedMediaType),  # before the pages
    *(Stopping, DatabaseUnreachable, MigrationsMissing),  # of /readyz
    *ELSEWHERE,  # which lead to a login
    Unavailable,  # which has a page of its own
}
OF_PROGRAMS = re.compile(
    r"/api|\b(GET|POST|PUT|PATCH|DELETE|HTTP)\b|[`{}_]|\w-Key\b|If-Match|Content-Type"
    r"|\b(token|the request|resource|body|slug|header|parameter)\b"
)
"""Words that programs need and people don't."""
CODES_OF_ROUTES = {"method_not_allowed", "internal_error"}
"""The codes of problems that no class of errors has."""


def kinds_of(error: type[MarketplaceError]) -> Iterator[type[MarketplaceError]]:
    """All errors that are derived from one."""
    for kind in error.__subclasses__():
        yield kind
        yield from kinds_of(kind)


assert ROUTES  # their import defines all errors
ERRORS: dict[str, type[MarketplaceError]] = {
    kind.code: kind
    for kind in kinds_of(MarketplaceError)
    if "code" in vars(kind) and kind.__module__.startswith("app.")
}


@pytest.mark.parametrize("code", sorted(ERRORS.keys() - {it.code for it in NOT_OF_PAGES}))
def test_each_error_is_said_in_words_with_a_next_step(code: str) -> None:
    error = ERRORS[code]
    sentence = SENTENCES.get(code, error.detail)
    assert sentence.endswith(".")
    assert not OF_PROGRAMS.search(sentence)
    if issubclass(error, NotFound | Invalid | TooManyRequests) or code in FIELDS:
        assert NEXT_STEPS.get(code) != ITSELF  # that of its status, its field or its time
        return
    step = NEXT_STEPS[code]
    if step == ITSELF:
        assert len(re.findall(r"[.:](?: |$)", sentence)) > 1
    else:
        assert step.endswith(".")
        assert step not in sentence
        assert not OF_PROGRAMS.search(step)


def test_no_words_are_about_errors_that_do_not_exist() -> None:
    assert SENTENCES.keys() | NEXT_STEPS.keys() | FIELDS.keys() <= ERRORS.keys() | CODES_OF_ROUTES
