"""The errors that use cases declare are those that they can raise, and are documented."""

import ast
import inspect
import sys
from collections.abc import Callable
from textwrap import dedent
from typing import Any, get_type_hints

import pytest

from app.api.routes import ROUTES
from app.core.errors import MarketplaceError
from app.core.raising import DECLARED, errors_of, raises
from app.db.models.bookings import BookingNotFound
from app.db.models.cleanings import CleaningNotFound
from app.db.models.messages import MessageNotFound
from app.db.models.offers import OfferNotFound
from app.db.models.packages import PackageNotFound
from app.db.models.profiles import ProfileNotFound
from app.db.models.reports import ReportedBefore, ReportedNotFound, ReportNotFound
from app.db.models.states.bookings import BookingNotScheduled
from app.db.models.states.cleanings import CleaningEnded, CleaningNotBooked
from app.db.models.states.offers import OfferNotAccepted
from app.db.models.states.orders import OrderNotPlaced
from app.db.models.states.packages import PackageArchived
from app.db.models.threads import ThreadNotFound
from app.db.models.uploads import UploadNotFound
from app.db.models.usernames import UsernameTaken
from app.db.models.users import UserNotFound
from app.http.problems import EVERYWHERE, MEDIA_TYPE
from app.http.transactions import WHEN_WRITING, TransactionalRoute
from tests.services.reachable import plain, reachable

UNDECLARED = {*EVERYWHERE, *WHEN_WRITING}
"""Errors that every operation documents, so that use cases need not declare them."""

IMPOSSIBLE: dict[str, set[type[MarketplaceError]]] = {
    # A scheduled booking has an accepted offer and a booked job, as the doctor checks.
    "BookingService.cancel": {
        *(CleaningEnded, CleaningNotBooked, OfferNotAccepted, OfferNotFound),
    },
    "BookingService.complete": {CleaningNotBooked},
    "BookingService.miss": {CleaningEnded, OfferNotAccepted, OfferNotFound},
    # The live booking of a booked job is scheduled, and its offer is accepted.
    "CleaningService.cancel": {BookingNotScheduled, OfferNotAccepted, OfferNotFound},
    # The job or the package that a photo is attached to exists.
    "UploadService.delete": {CleaningNotFound, PackageNotFound},
    # So does the thread of a message.
    "PhotoHidingService.lock": {CleaningNotFound, PackageNotFound, ThreadNotFound},
    # It changes the email address only.
    "LinkService.verify_email": {UsernameTaken},
    # Only packages that are not archived are archived with an account, and placed orders end.
    "AdministrationService.block": {OrderNotPlaced, PackageArchived},
    # Likewise, and only jobs that are open are cancelled or expire with an account.
    "UserService.delete": {CleaningEnded, OrderNotPlaced, PackageArchived},
    "Measures.take": {OrderNotPlaced, PackageArchived, ThreadNotFound},
    "DecisionService.decide": {OrderNotPlaced, PackageArchived, ThreadNotFound},
    # A decision belongs to a report.
    "DecisionService.appeal": {ReportNotFound},
    "DecisionService.appeal_by_link": {ReportNotFound},
    # Notifiers learn only that there is nothing to be seen, nor whether they gave notice before.
    "PublicNoticeService.give": {
        *(CleaningNotFound, PackageNotFound, ProfileNotFound, UploadNotFound),
        *(ReportedBefore, ReportedNotFound),
        MessageNotFound,
    },
    # The reporter learns only that there is nothing to be seen.
    "ReportService.make": {
        *(CleaningNotFound, PackageNotFound, ProfileNotFound, UploadNotFound, UserNotFound),
        MessageNotFound,
    },
}
"""Errors that the code names, but that the state of the data excludes."""


def owner_of(use_case: Callable[..., Any]) -> type:
    """The class that a method belongs to."""
    module = sys.modules[use_case.__module__]
    owner: type = getattr(module, use_case.__qualname__.partition(".")[0])
    return owner


def called_by(route: TransactionalRoute) -> set[Callable[..., Any]]:
    """The use cases that the endpoint of a route calls and that declare errors.

    A writing route reads only the thing that it has just written, which exists.
    """
    endpoint = inspect.unwrap(route.endpoint)
    classes = {name: plain(hint) for name, hint in get_type_hints(endpoint).items()}
    methods = {
        getattr(classes.get(node.value.id), node.attr, None)
        for node in ast.walk(ast.parse(dedent(inspect.getsource(endpoint))))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    }
    return {
        method
        for method in DECLARED.keys() & methods
        if not (route.writes and owner_of(method).__name__.endswith("Reader"))
    }


@pytest.mark.parametrize("use_case", DECLARED, ids=lambda it: it.__qualname__)
def test_each_use_case_declares_what_it_can_raise(use_case: Callable[..., Any]) -> None:
    found = reachable(use_case, owner_of(use_case)) - UNDECLARED
    excluded = IMPOSSIBLE.get(use_case.__qualname__, set())
    assert excluded <= found
    assert set(DECLARED[use_case]) == found - excluded


@pytest.mark.parametrize("route", [route for _, route in ROUTES], ids=lambda route: str(route.name))
def test_each_route_documents_the_errors_of_the_use_cases_that_it_calls(
    route: TransactionalRoute,
) -> None:
    documented = {
        code
        for response in route.responses.values()
        for code in response.get("content", {}).get(MEDIA_TYPE, {}).get("examples", ())
    }
    assert {error.code for error in errors_of(*called_by(route))} <= documented


def test_no_use_case_lists_its_errors_in_its_docstring_as_well() -> None:
    services = {owner_of(use_case) for use_case in DECLARED}
    listed = {
        f"{service.__name__}.{name}"
        for service in services
        if service.__name__.endswith("Service")
        for name, method in vars(service).items()
        if not name.startswith("_") and "Raises:" in (inspect.getdoc(method) or "")
    }
    assert listed == set()


def test_the_errors_of_other_use_cases_are_taken_over_once() -> None:
    @raises(BookingNotFound, OfferNotFound)
    def inner() -> None: ...

    @raises(inner, CleaningEnded, OfferNotFound)
    def outer() -> None: ...

    try:
        assert errors_of(outer) == (BookingNotFound, OfferNotFound, CleaningEnded)
    finally:
        del DECLARED[inner], DECLARED[outer]


def test_a_use_case_without_a_declaration_can_not_be_documented() -> None:
    with pytest.raises(TypeError, match="needs a declaration"):
        errors_of(owner_of)
