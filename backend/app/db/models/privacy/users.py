"""Personal data of users."""

from uuid import UUID

from app.db.models.fields import Moment
from app.db.models.privacy import DELETION, LOG_KEPT, Holding, Personal, Tier, alike
from app.db.models.users import User, UserBase, UserRole
from app.postgres.statements import col


class AccountExport(UserBase):
    """The account."""

    id: UUID
    role: UserRole
    language: str | None
    email_verified_at: Moment | None
    pending_until: Moment | None
    inactive_at: Moment | None
    blocked_at: Moment | None
    created_at: Moment
    updated_at: Moment


HOLDINGS = (
    Holding(
        "users",
        "id",
        {
            "email": Personal(Tier.PARTICIPANT, "login, and mail"),
            "username": Personal(Tier.PUBLIC, "login, and display"),
            **alike(("email_key", "username_key"), Personal(Tier.INTERNAL, "lookup of accounts")),
            "password_hash": Personal(Tier.INTERNAL, "login"),
            "role": Personal(Tier.PRIVATE, "permissions"),
            "language": Personal(Tier.PRIVATE, "language of the pages"),
            **alike(
                ("email_verified_at", "pending_until"),
                Personal(Tier.PRIVATE, "verification of the email address"),
            ),
            **alike(
                ("inactive_at", "blocked_at", "created_at", "updated_at"),
                Personal(Tier.PRIVATE, "state of the account", LOG_KEPT),
            ),
        },
        others=("id", "deleted_at", "version"),
        erased={
            **{
                name: col(getattr(User, name)).like("deleted-%@deleted.invalid")
                for name in ("email", "email_key")
            },
            **{
                name: col(getattr(User, name)).like("deleted-%")
                for name in ("username", "username_key")
            },
            "password_hash": col(User.password_hash) == "",
            "role": col(User.role) == UserRole.USER,
            "language": col(User.language).is_(None),
        },
        until=f"{DELETION}, or its email address was not verified in time",
    ),
)
