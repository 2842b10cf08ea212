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

TOKEN_URL = "/api/v1/auth/token"  # noqa: S105 (where tokens are to be had)


class BearerToken(OAuth2PasswordBearer):
    """What the access token says, or the API key in its place.

    Whether its session still holds, the database knows.
    """

    async def __call__(self, request: HTTPConnection) -> Any:
        """Returns whose token `demand_token` has read, or looks up the key that it has found.

        Raises:
            Unauthenticated: There is no such key.
            SessionNeeded: A key will not do here.
            InsufficientScope: This key will not do here.
        """
        state = request.scope["state"]
        bearer = state.get("bearer")
        return bearer or await bearer_of_key(request, state["api_key"])


def demand_token(request: HTTPConnection) -> bool:
    """Refuses a request without a good token or key, as far as that shows without the database.

    Returns:
        Whether it is certain who sends it: anyone can make up a key whose checksum is right.

    Raises:
        Unauthenticated: There is none, its signature or checksum is wrong, or it has expired.
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
    """Notes who the caller is, for the log, also if they are refused from here on.

    An idempotency key, too, is that of whoever is noted here.
    """
    request.scope["state"]["actor_id"] = bearer.user_id
    return bearer


Token = Annotated[
    Bearer,
    Depends(
        BearerToken(tokenUrl=TOKEN_URL, refreshUrl=TOKEN_URL, scheme_name="OAuth2PasswordBearer")
    ),
]


async def get_caller(request: Request, bearer: Token) -> User:
    """The account of the caller, in the request's transaction.

    Raises:
        Unauthenticated: Their session has ended, or their account is blocked.
    """
    return await UserRepository(request.state.transaction).caller(bearer)


async def get_recent_caller(request: Request, bearer: Token) -> User:
    """The account of a caller who has shown lately who they are, and may change how they do so.

    Nothing else may use the account meanwhile.

    Raises:
        Unauthenticated: Their session has ended, or their account is blocked.
        StepUpNeeded: It is a while since they have shown it.
    """
    since = request.app.state.safeguards.lifetimes.recent_since
    return await UserRepository(request.state.transaction).recent_caller(bearer, since)


async def get_own_credentials(bearer: Token, sessions: SessionService) -> Credentials:
    """What the caller has to show to step up.

    Raises:
        Unauthenticated: Their session has ended, or their account is blocked.
    """
    return await sessions.own_credentials(bearer)


async def get_staff(
    request: Request, bearer: Token, users: UserReader, second_factors: SecondFactorReader
) -> Bearer:
    """A caller who looks after the market.

    All that staff must have shown of themselves is asked for here, of the database.

    Raises:
        Unauthenticated: Their session has ended, or their account is blocked.
        StaffOnly: They don't look after the market, or no longer.
        StaffNeedsSecondFactor: They have not logged in with one, though the installation wants it.
    """
    role = await users.role(bearer)
    role.demand_staff()
    wanted = request.app.state.safeguards.staff_needs_second_factor
    if wanted and not await second_factors.is_shown(bearer):
        raise StaffNeedsSecondFactor
    return bearer


Caller = Annotated[User, Depends(get_caller)]
RecentCaller = Annotated[User, Depends(get_recent_caller)]
OwnCredentials = Annotated[Credentials, Depends(get_own_credentials)]
Staff = Annotated[Bearer, Depends(get_staff)]

FOR_STAFF = (StaffOnly, StaffNeedsSecondFactor)
"""What `Staff` may raise beside what any caller may."""
