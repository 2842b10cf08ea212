"""Who the caller is."""

from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.security import OAuth2PasswordBearer
from starlette.requests import HTTPConnection

from app.core.errors import Unauthenticated
from app.core.security import AccessTokens, Bearer
from app.db.models.users import User
from app.db.repositories.users import UserRepository

TOKEN_URL = "/api/v1/auth/token"  # noqa: S105 (where tokens are to be had)


class BearerToken(OAuth2PasswordBearer):
    """What the access token says. Whether its session still holds, the database knows."""

    async def __call__(self, request: HTTPConnection) -> Any:
        """Reads the token of a request.

        Raises:
            Unauthenticated: There is no token, or it is not good.
        """
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            raise Unauthenticated
        tokens: AccessTokens = request.app.state.access_tokens
        return tokens.read(token)


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


Caller = Annotated[User, Depends(get_caller)]
CallerAlone = Annotated[User, Depends(get_caller_alone)]
