"""Who the caller is."""

from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.security import OAuth2PasswordBearer
from starlette.requests import HTTPConnection

from app.api.dependencies.database import UsersShown
from app.core.api_keys import MARK
from app.core.errors import Unauthenticated
from app.core.security import AccessTokens, Bearer
from app.db.models.users import User
from app.db.repositories.users import UserRepository
from app.services.api_keys import KnownKeys

TOKEN_URL = "/api/v1/auth/token"  # noqa: S105 (where tokens are to be had)


class BearerToken(OAuth2PasswordBearer):
    """What the access token says, or the API key in its place.

    Whether its session still holds, the database knows.
    """

    async def __call__(self, request: HTTPConnection) -> Any:
        """Reads the token or the key of a request.

        Raises:
            Unauthenticated: There is none, or it is not good.
            SessionNeeded: A key will not do here.
            InsufficientScope: This key will not do here.
        """
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            raise Unauthenticated
        if token.startswith(MARK):
            return await bearer_of_key(request, token)
        tokens: AccessTokens = request.app.state.access_tokens
        return tokens.read(token)


async def bearer_of_key(request: HTTPConnection, key: str) -> Bearer:
    """Whose API key it is, if it is good for the route that is asked for."""
    state = request.app.state
    known: KnownKeys = state.known_keys
    needed = getattr(request.scope["route"], "needed_scope", None)
    return await known.bearer(key, needed, state.database)


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


async def get_caller_alone(request: Request, bearer: Token) -> User:
    """The account of a caller who is about to change it.

    Raises:
        Unauthenticated: Their session has ended, or their account is blocked.
    """
    return await UserRepository(request.state.transaction).caller_alone(bearer)


async def get_staff(bearer: Token, users: UsersShown) -> Bearer:
    """A caller who looks after the market.

    All that staff must have shown of themselves is asked for here, of the database.

    Raises:
        Unauthenticated: Their session has ended, or their account is blocked.
        StaffOnly: They don't look after the market, or no longer.
    """
    role = await users.role(bearer)
    role.demand_staff()
    return bearer


Caller = Annotated[User, Depends(get_caller)]
CallerAlone = Annotated[User, Depends(get_caller_alone)]
Staff = Annotated[Bearer, Depends(get_staff)]
