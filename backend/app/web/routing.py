"""Routes of pages: a GET shows a page, a POST sends a form and leads to a page."""

from collections.abc import Awaitable, Callable
from enum import Enum
from typing import NamedTuple, TypeVar

from starlette.convertors import IntegerConvertor, StringConvertor, register_url_convertor
from starlette.responses import Response

Endpoint = Callable[..., Awaitable[Response]]
"""Answers a visit. Its other arguments are the parameters of the path."""
Declared = TypeVar("Declared", bound=Endpoint)


class SlugConvertor(StringConvertor):
    """The parameter `slug` of a path: text that is no slug belongs to no page."""

    regex = "[a-z0-9]+(?:-[a-z0-9]+)*"


class NumberConvertor(IntegerConvertor):
    """The parameter `number` of a path. Python refuses to read numbers of thousands of digits."""

    regex = "[0-9]{1,9}"


register_url_convertor("slug", SlugConvertor())
register_url_convertor("number", NumberConvertor())


class Access(Enum):
    """Who may see a page."""

    VISITORS = "everyone"
    MEMBERS = "users who are logged in"
    RECENT = "users with a recent login"
    STAFF = "staff"
    SUPERUSERS = "superusers"


class PageRoute(NamedTuple):
    """A page, or the form of one.

    Args:
        method: GET or POST.
        path: The path, with parameters as Starlette writes them.
        endpoint: Answers.
        access: Who may call it.
        again: Shows the page with the form, if the form is refused.
        is_kept: Whether the form may be sent again after a login in between.
        is_once: Whether the form takes effect once, however often it is sent.
        is_recorded: Whether the audit records that the page was read, in a transaction.
        most_files: How many files the form may have; 0 if it has no field for files.
        from_anywhere: Whether programs and pages of other sites may send the form: its path has
            the proof that it may be sent.
    """

    method: str
    path: str
    endpoint: Endpoint
    access: Access
    again: Endpoint | None = None
    is_kept: bool = True
    is_once: bool = True
    is_recorded: bool = False
    most_files: int = 0
    from_anywhere: bool = False


class Pages:
    """The pages of a feature.

    Args:
        access: Who may see them, unless one says otherwise.
    """

    def __init__(self, access: Access = Access.MEMBERS) -> None:
        self._access = access
        self.routes: list[PageRoute] = []

    def get(
        self, path: str, access: Access | None = None, *, is_recorded: bool = False
    ) -> Callable[[Declared], Declared]:
        """Declares a page.

        Args:
            path: Its path.
            access: Who may see it.
            is_recorded: Whether the audit records that it was read: it has a transaction.
        """

        def declare(endpoint: Declared) -> Declared:
            self.routes.append(
                PageRoute("GET", path, endpoint, access or self._access, is_recorded=is_recorded)
            )
            return endpoint

        return declare

    def post(
        self,
        path: str,
        access: Access | None = None,
        *,
        again: Endpoint | None = None,
        is_kept: bool = True,
        is_once: bool = True,
        most_files: int = 0,
        from_anywhere: bool = False,
    ) -> Callable[[Declared], Declared]:
        """Declares a form, which is handled in a transaction.

        Args:
            path: The path that it is sent to.
            access: Who may send it.
            again: Shows the page with the form, if it is refused; without it, the error is a page.
            is_kept: Whether what was entered is kept if the login has ended meanwhile.
            is_once: Whether it takes effect once, however often it is sent. A form of visitors
                that no rate limit holds back does not: each submission would store a row.
            most_files: How many files it may have; they are stored before the transaction begins.
            from_anywhere: Whether programs and pages of other sites may send it: its path has the
                proof that it may be sent.
        """

        def declare(endpoint: Declared) -> Declared:
            self.routes.append(
                PageRoute(
                    *("POST", path, endpoint, access or self._access, again, is_kept, is_once),
                    most_files=most_files,
                    from_anywhere=from_anywhere,
                )
            )
            return endpoint

        return declare
