"""Accounts on pages."""

from pydantic import BaseModel


class Account(BaseModel):
    """An account, as its owner sees it."""

    username: str
    email: str
    email_verified: bool
    email_refused: bool
    pending_email: str | None
