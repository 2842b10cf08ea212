"""Kinds of error, independent of HTTP.

A concrete error is a small class beside its rule::

    class OwnCleaning(Conflict):
        code = "own_cleaning"

Its ``detail`` is for users, its ``code`` is stable and for programs.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, ClassVar

from app.core.catalogues import Translate
from app.core.limits import Limit


class MarketplaceError(Exception):
    """The base class of errors that are reported to callers.

    Args:
        detail: The message for users, with placeholders; by default that of the class.
        values: The values of the placeholders; by default the members.
        members: Additional members of the problem, for programs.
    """

    code: ClassVar[str]
    lasting: ClassVar[bool] = False
    """Whether the transaction is committed nevertheless, such as an entry in the audit log."""
    detail: str = ""

    def __init__(
        self,
        detail: str | None = None,
        *,
        values: Mapping[str, Any] | None = None,
        **members: Any,
    ) -> None:
        self.text = self.detail if detail is None else detail
        """The message before its translation."""
        self.members, self.values = members, members if values is None else values
        self.detail = self.said(str)
        super().__init__(self.detail)

    def said(self, translate: Translate) -> str:
        """The message in another language.

        Args:
            translate: Translates it, before the values are put into it.
        """
        text = translate(self.text)
        return text.format_map(self.values) if self.values else text


class Invalid(MarketplaceError):
    """Invalid input.

    Args:
        detail: The message, with placeholders for values.
        field: The invalid field; empty for the whole input.
        location: The place of the field: body, query, path or header.
        values: The values in the message.
    """

    code = "invalid"
    detail = "The input is invalid."

    def __init__(
        self, detail: str | None = None, *, field: str, location: str = "body", **values: Any
    ) -> None:
        super().__init__(detail, values=values)
        self.field = field
        self.location = location

    def errors(self, translate: Translate = str) -> list[dict[str, Any]]:
        """The errors of the parts of the input, as the problem lists them.

        Args:
            translate: Translates their messages.
        """
        return [
            {
                "location": self.location,
                "field": self.field,
                "message": self.said(translate),
                "code": self.code,
            }
        ]


class UnknownHost(MarketplaceError):
    """The host name of the request is not one of the service."""

    code = "unknown_host"
    detail = "Unknown host name."


class Unauthenticated(MarketplaceError):
    """The request has no valid credentials."""

    code = "unauthenticated"
    detail = "A valid access token is required."


class Forbidden(MarketplaceError):
    """The caller may see the object, but lacks the permission for this operation."""

    code = "forbidden"


class NotFound(MarketplaceError):
    """The object does not exist, or is invisible to the caller."""

    code = "not_found"


class Conflict(MarketplaceError):
    """The present state does not allow the operation."""

    code = "conflict"


class IllegalMove(Conflict):
    """A transition that the present state of an object does not allow."""

    thing: ClassVar[str]

    @classmethod
    def unless(cls, state: StrEnum, allowed: Sequence[StrEnum], move: str) -> None:
        """Refuses a transition from a state that does not allow it.

        Args:
            state: The present state.
            allowed: The states that allow the transition.
            move: The past participle of the transition, as in "can be accepted".

        Raises:
            IllegalMove: ``state`` is not in ``allowed``. The error contains both.
        """
        if state not in allowed:
            wanted = " or ".join(allowed)
            error = cls(
                f"The {cls.thing} is {state}; only one that is {wanted} can be {move}.",
                state=state,
                allowed=list(allowed),
            )
            error.text = cls.detail  # in other languages, the names of states don't fit in
            raise error


class PreconditionFailed(MarketplaceError):
    """``If-Match`` does not contain the present version."""

    code = "precondition_failed"
    detail = "The object has changed since you read it. Read it again."


class ContentTooLarge(MarketplaceError):
    """The body of the request exceeds the limit of its size."""

    code = "content_too_large"
    detail = "The request body is too large."


class BodyTooSlow(MarketplaceError):
    """The body of the request did not arrive in time."""

    code = "body_too_slow"
    detail = "The request body arrived too slowly."


class BodyIncomplete(Invalid):
    """The client disconnected before the end of the body."""

    code = "body_incomplete"
    detail = "The request body is incomplete."

    def __init__(self) -> None:
        super().__init__(field="")


class UriTooLong(MarketplaceError):
    """The URL exceeds the limit of its length."""

    code = "uri_too_long"
    detail = "The URL is too long."


class HeadersTooLarge(MarketplaceError):
    """The headers of the request exceed the limit of their size."""

    code = "headers_too_large"
    detail = "The request headers are too large."


class UnsupportedMediaType(MarketplaceError):
    """The operation does not accept the media type of the body."""

    code = "unsupported_media_type"
    detail = "This operation does not accept the Content-Type of the body."


class TooManyRequests(MarketplaceError):
    """A rate limit is exceeded.

    Args:
        limit: The exceeded limit.
        retry_after: Seconds until the next attempt.
    """

    code = "too_many_requests"
    detail = "Too many attempts. Please try again later."

    def __init__(self, limit: Limit, retry_after: int) -> None:
        super().__init__()
        self.limit, self.retry_after = limit, retry_after


class Unavailable(MarketplaceError):
    """The service can't process the request at present."""

    code = "unavailable"
    detail = "The service is temporarily unavailable. Please try again in a moment."
    retry_after = 1
