"""The tables, and the shapes that go in and out of the service: one file per feature."""

from sqlmodel import SQLModel

# Set before any table is made: every constraint and index has a name that can be foretold.
metadata = SQLModel.metadata
metadata.naming_convention = {
    "pk": "pk_%(table_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
}

from app.db.models.api_keys import ApiKey  # noqa: E402 (the convention comes first)
from app.db.models.audit import AuditEntry  # noqa: E402
from app.db.models.bookings import Booking  # noqa: E402
from app.db.models.cleanings import Cleaning  # noqa: E402
from app.db.models.evaluations import Evaluation, Rating  # noqa: E402
from app.db.models.events import Event  # noqa: E402
from app.db.models.freed_usernames import FreedUsername  # noqa: E402
from app.db.models.idempotency_keys import IdempotencyKey  # noqa: E402
from app.db.models.jobs import Job  # noqa: E402
from app.db.models.known_devices import KnownDevice  # noqa: E402
from app.db.models.links import Link  # noqa: E402
from app.db.models.offers import Offer  # noqa: E402
from app.db.models.profiles import Profile  # noqa: E402
from app.db.models.second_factors import RecoveryCode, SecondFactor  # noqa: E402
from app.db.models.sessions import KnownAddress, RefreshToken, Session  # noqa: E402
from app.db.models.terms import CleaningRevision  # noqa: E402
from app.db.models.throttles import Throttle  # noqa: E402
from app.db.models.users import User  # noqa: E402

__all__ = [
    "ApiKey",
    "AuditEntry",
    "Booking",
    "Cleaning",
    "CleaningRevision",
    "Evaluation",
    "Event",
    "FreedUsername",
    "IdempotencyKey",
    "Job",
    "KnownAddress",
    "KnownDevice",
    "Link",
    "Offer",
    "Profile",
    "Rating",
    "RecoveryCode",
    "RefreshToken",
    "SecondFactor",
    "Session",
    "Throttle",
    "User",
    "metadata",
]
