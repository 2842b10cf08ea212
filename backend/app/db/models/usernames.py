"""Usernames that can't be taken."""

from app.core.errors import Conflict
from app.core.reserved import is_reserved


class UsernameTaken(Conflict):
    code = "username_taken"
    detail = "Another account has this username."


class TooManyUsernames(Conflict):
    code = "too_many_usernames"
    detail = (
        "You have changed your username too often. Take back one of your former usernames, or "
        "try again in some weeks."
    )


class UsernameReserved(Conflict):
    code = "username_reserved"
    detail = "This username is reserved. Choose another."


def demand_unreserved(username: str) -> None:
    """Refuses reserved usernames.

    Raises:
        UsernameReserved: The username is reserved, or looks like a reserved one.
    """
    if is_reserved(username):
        raise UsernameReserved
