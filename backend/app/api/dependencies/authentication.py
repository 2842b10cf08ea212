"""Who the caller is."""

from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import OAuth2PasswordBearer

from app.core.errors import Unauthenticated
from app.core.security import AccessTokens, Bearer
from app.db.models.users import User
from app.db.repositories.users import UserRepository

oauth2 = OAuth2PasswordBearer(
    tokenUrl="/api/v1/auth/token", refreshUrl="/api/v1/auth/token", auto_error=False
)


async def get_bearer(request: Request, token: Annotated[str | None, Depends(oauth2)]) -> Bearer:
    """What the access token says. Whether its session still holds, the database knows.

    Raises:
        Unauthenticated: There is no token, or it is not good.
    """
    if token is None:
        raise Unauthenticated
    tokens: AccessTokens = request.app.state.access_tokens
    return tokens.read(token)


Token = Annotated[Bearer, Depends(get_bearer)]


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
