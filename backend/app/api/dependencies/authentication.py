"""Authentication of the caller."""

from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.security import OAuth2PasswordBearer
from starlette.requests import HTTPConnection

from app.api.dependencies.second_factors import SecondFactorReader
from app.api.dependencies.sessions import SessionService
from app.api.dependencies.users import UserReader
from app.core.errors import Unauthenticated
from app.core.security.api_keys import MARK
from app.core.security.tokens import AccessTokens, Bearer
from app.db.models.second_factors import StaffNeedsSecondFactor
from app.db.models.users import StaffOnly, User
from app.db.repositories.credentials import Credentials
from app.db.repositories.users import UserRepository
from app.services.api_keys import KnownKeys

TOKEN_URL = "/api/v1/auth/token"  # noqa: S105 (a path)


class BearerToken(OAuth2PasswordBearer):
    """The content of the access token, or the account of the API key.

    The session is checked by each statement of the request.
    """

    async def __call__(self, request: HTTPConnection) -> Any:
        """The caller found by `demand_token`, or the account of its API key.

        Raises:
            Unauthenticated: The key does not exist.
            SessionNeeded: The route is closed to keys.
            InsufficientScope: The key lacks the scope.
        """
        state = request.scope["state"]
        bearer = state.get("bearer")
        return bearer or await bearer_of_key(request, state["api_key"])


def demand_token(request: HTTPConnection) -> bool:
    """Refuses a request without a valid token or key, as far as that needs no database.

    Returns:
        Whether the sender is verified; a made-up key may have a right checksum.

    Raises:
        Unauthenticated: The token is missing, expired, or has a wrong signature or checksum.
    """
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        raise Unauthenticated
    state = request.app.state
    if token.startswith(MARK):
        keys: KnownKeys = state.known_keys
        request.scope["state"]["api_key"] = token
        return keys.knows(token)
    tokens: AccessTokens = state.safeguards.access_tokens
    request.scope["state"]["bearer"] = seen(request, tokens.read(token))
    return True


async def bearer_of_key(request: HTTPConnection, key: str) -> Bearer:
    """The account of an API key, if the key has the scope of the route."""
    state = request.app.state
    keys: KnownKeys = state.known_keys
    needed = getattr(request.scope["route"], "needed_scope", None)
    known = await keys.find(key, needed, state.database)
    seen(request, known.bearer)
    return await keys.use(known, needed, state.database)


def seen(request: HTTPConnection, bearer: Bearer) -> Bearer:
    """Records the caller for the log, also of refused requests, and for idempotency keys."""
    request.scope["state"] |= {"actor_id": bearer.user_id, "caller": bearer}
    return bearer


find_bearer = BearerToken(
    tokenUrl=TOKEN_URL, refreshUrl=TOKEN_URL, scheme_name="OAuth2PasswordBearer"
)
Token = Annotated[Bearer, Depends(find_bearer)]


async def get_caller(request: Request, bearer: Token) -> User:
    """The account of the caller, in the request's transaction.

    Raises:
        Unauthenticated: The session has ended, or the account is blocked.
    """
    return await UserRepository(request.state.transaction).caller(bearer)


async def get_locked_caller(request: Request, bearer: Token) -> User:
    """The account of the caller, locked against changes of it by others.

    Raises:
        Unauthenticated: The session has ended, or the account is blocked.
    """
    return await UserRepository(request.state.transaction).caller_locked(bearer)


async def get_recent_caller(request: Request, bearer: Token) -> User:
    """The account of a caller with a recent login, for changes of credentials.

    The account is locked exclusively.

    Raises:
        Unauthenticated: The session has ended, or the account is blocked.
        StepUpNeeded: The login is not recent.
    """
    since = request.app.state.safeguards.lifetimes.recent_since
    return await UserRepository(request.state.transaction).recent_caller(bearer, since)


async def get_own_credentials(bearer: Token, sessions: SessionService) -> Credentials:
    """The credentials of the caller, for a step-up.

    Raises:
        Unauthenticated: The session has ended, or the account is blocked.
    """
    return await sessions.own_credentials(bearer)


async def get_staff(
    request: Request, bearer: Token, users: UserReader, second_factors: SecondFactorReader
) -> Bearer:
    """A caller who is staff, and has logged in with a second factor where that is required.

    Raises:
    Unauthenticated: The session has ended, or the account is blocked.
    StaffOnly: The caller is not staff.
    StaffNeedsSecondFactor: The session was started without a required second factor.
    """
    role = await users.role(bearer)
    role.demand_staff()
    wanted = request.app.state.safeguards.staff_needs_second_factor
    if wanted and not await second_factors.is_shown(bearer):
        raise StaffNeedsSecondFactor
    return bearer


Caller = Annotated[User, Depends(get_caller)]
LockedCaller = Annotated[User, Depends(get_locked_caller)]
RecentCaller = Annotated[User, Depends(get_recent_caller)]
OwnCredentials = Annotated[Credentials, Depends(get_own_credentials)]
Staff = Annotated[Bearer, Depends(get_staff)]

FOR_STAFF = (StaffOnly, StaffNeedsSecondFactor)
"""The additional errors of `Staff`."""
