"""Kinds of error, free of HTTP.

A concrete error is a small class beside the rule that it belongs to::

    class OwnCleaning(Conflict):
        code = "own_cleaning"

Its ``detail`` is for people, its ``code`` is stable and for programs.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any, ClassVar

from app.core.limits import Limit


class MarketplaceError(Exception):
    """The root of every error that a caller is told about.

    Args:
        detail: What went wrong, in words a person understands; the class's own by default.
        members: Further facts for programs, rendered beside the standard members of the problem.
    """

    code: ClassVar[str]
    lasting: ClassVar[bool] = False
    """Whether what was written before it was raised is kept, such as the note that it was."""
    detail: str = ""

    def __init__(self, detail: str | None = None, **members: Any) -> None:
        if detail is not None:
            self.detail = detail
        self.members = members
        super().__init__(self.detail)


class Invalid(MarketplaceError):
    """The input is understood but can't be right.

    Args:
        detail: What is wrong with it.
        field: Which part of the input is wrong.
        location: Where that part stands.
    """

    code = "invalid"
    detail = "Some of the input is not right."

    def __init__(self, detail: str | None = None, *, field: str, location: str = "body") -> None:
        super().__init__(detail)
        self.field = field
        self.location = location


class UnknownHost(MarketplaceError):
    """The request was sent to another name than those of the service."""

    code = "unknown_host"
    detail = "The service is not known by this name."


class Unauthenticated(MarketplaceError):
    """The caller has not shown who they are."""

    code = "unauthenticated"
    detail = "A valid access token is needed."


class Forbidden(MarketplaceError):
    """The caller may see the thing, but not do this to it."""

    code = "forbidden"


class NotFound(MarketplaceError):
    """There is no such thing, or the caller may not know of it."""

    code = "not_found"


class Conflict(MarketplaceError):
    """The present state does not allow it."""

    code = "conflict"


class IllegalMove(Conflict):
    """A state machine was asked for a step that its present state doesn't have."""

    thing: ClassVar[str]

    @classmethod
    def unless(cls, state: StrEnum, allowed: Sequence[StrEnum], move: str) -> None:
        """Refuses a move from a state that doesn't allow it.

        Args:
            state: The present state.
            allowed: The states that allow the move.
            move: What is asked for, as in "can be accepted".

        Raises:
            IllegalMove: ``state`` is not among those ``allowed``. The error names both.
        """
        if state not in allowed:
            wanted = " or ".join(allowed)
            raise cls(
                f"The {cls.thing} is {state}; only one that is {wanted} can be {move}.",
                state=state,
                allowed=list(allowed),
            )


class PreconditionFailed(MarketplaceError):
    """The caller's ``If-Match`` names another version than the present one."""

    code = "precondition_failed"
    detail = "It has changed since you read it: read it again, then decide."


class ContentTooLarge(MarketplaceError):
    """The body of the request is larger than any that the service has use for."""

    code = "content_too_large"
    detail = "The body is too large."


class BodyTooSlow(MarketplaceError):
    """The body of the request did not arrive in the time that it has."""

    code = "body_too_slow"
    detail = "The body took too long to arrive."


class BodyIncomplete(Invalid):
    """The client went away before all of the body had arrived."""

    code = "body_incomplete"
    detail = "The body is incomplete."

    def __init__(self) -> None:
        super().__init__(field="")


class UriTooLong(MarketplaceError):
    """The address that is asked for is longer than any that the service has."""

    code = "uri_too_long"
    detail = "The path and the query are too long."


class HeadersTooLarge(MarketplaceError):
    """The headers of the request are larger than any that the service has use for."""

    code = "headers_too_large"
    detail = "The headers are too large."


class UnsupportedMediaType(MarketplaceError):
    """The body of the request is in a format that the operation doesn't take."""

    code = "unsupported_media_type"
    detail = "The body has a format that this operation does not take. Mind its Content-Type."


class TooManyRequests(MarketplaceError):
    """The caller tries something more often than is good for the others.

    Args:
        limit: The limit that is exceeded.
        retry_after: In how many seconds the next try may be made.
    """

    code = "too_many_requests"
    detail = "That was tried too often. Please wait a while."

    def __init__(self, limit: Limit, retry_after: int) -> None:
        super().__init__()
        self.limit, self.retry_after = limit, retry_after


class Unavailable(MarketplaceError):
    """Nothing is wrong with the request; the service can't do it now."""

    code = "unavailable"
    detail = "The service can't answer just now. Please try again in a moment."
    retry_after = 1
