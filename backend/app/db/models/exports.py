"""Exports: all that is held of somebody, for themselves."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlmodel import Field, SQLModel

from app.db.models.api_keys import Scope
from app.db.models.audit import AuditAction
from app.db.models.bookings import BookingStatus, CancelledBy, Role
from app.db.models.cleanings import CleaningStatus
from app.db.models.evaluations import EvaluationBase
from app.db.models.events import EventKind, Subject
from app.db.models.fields import Moment, Username
from app.db.models.links import LinkPurpose
from app.db.models.offers import OfferBase, OfferStatus
from app.db.models.profiles import ProfileBase
from app.db.models.sessions import SessionPublic
from app.db.models.terms import CleaningTerms
from app.db.models.users import UserBase, UserRole


class AccountExport(UserBase):
    """The account."""

    id: UUID
    role: UserRole
    email_verified_at: Moment | None
    pending_until: Moment | None
    inactive_at: Moment | None
    blocked_at: Moment | None
    created_at: Moment
    updated_at: Moment


class ProfileExport(ProfileBase):
    """The profile."""

    phone_number: str | None
    created_at: Moment
    updated_at: Moment


class RatingExport(SQLModel):
    """How one is rated in one role: each list says how often 1, 2, 3, 4 and 5 stars were given."""

    role: Role
    total: int
    no_shows: int
    average: float | None
    overall_rating: list[int]
    professionalism: list[int]
    completeness: list[int]
    efficiency: list[int]


class SessionExport(SessionPublic):
    """A place where one is logged in, or a program that acts for one."""

    authenticated_at: Moment
    second_factor: bool


class ApiKeyExport(SQLModel):
    """What a program acts for one by; its id is that of the program's session."""

    id: UUID
    prefix: str
    name: str
    scopes: list[Scope]
    last_used_at: Moment | None


class SecondFactorExport(SQLModel):
    """That one has a second factor."""

    confirmed_at: Moment | None
    removal_due_at: Moment | None


class LinkExport(SQLModel):
    """A mail with a link that one has not opened yet."""

    purpose: LinkPurpose
    email: str
    created_at: Moment
    expires_at: Moment


class IdempotencyKeyExport(SQLModel):
    """A request that is answered as before if one sends it again."""

    used_at: Moment


class KnownAddressExport(SQLModel):
    """A place from where one has logged in; which one, nobody can tell."""

    used_at: Moment


class KnownDeviceExport(SQLModel):
    """A device with which one has logged in; which one, nobody can tell."""

    used_at: Moment


class RevisionExport(SQLModel):
    """An earlier wording of a job."""

    revision: int
    terms: CleaningTerms
    created_at: Moment = Field(description="When it was replaced")


class CleaningExport(CleaningTerms):
    """A job that one has posted."""

    id: UUID
    status: CleaningStatus
    cancellation_reason: str | None
    created_at: Moment
    updated_at: Moment
    hidden_at: Moment | None
    deleted_at: Moment | None
    revisions: list[RevisionExport]


class OfferExport(OfferBase):
    """An offer that one has made."""

    id: UUID
    cleaning_id: UUID
    currency: str
    status: OfferStatus
    terms_revision: int
    created_at: Moment
    updated_at: Moment
    hidden_at: Moment | None


class EvaluationExport(EvaluationBase):
    """What one side of a booking has said of the other."""

    id: UUID
    no_show: bool
    created_at: Moment
    hidden_at: Moment | None


class BookingExport(SQLModel):
    """A booking that one has a part in."""

    id: UUID
    cleaning_id: UUID
    offer_id: UUID
    role: Role = Field(description="One's own")
    other_side: Username
    price: Decimal
    currency: str
    terms: CleaningTerms = Field(description="The address is its owner's only")
    status: BookingStatus
    cancelled_by: CancelledBy | None
    cancellation_reason: str | None
    evaluation_given: EvaluationExport | None
    evaluation_received: EvaluationExport | None = Field(description="Null if it is hidden")
    reported_at: Moment | None
    completes_at: Moment | None
    created_at: Moment
    updated_at: Moment
    ended_at: Moment | None


class EventExport(SQLModel):
    """Something that one did."""

    id: UUID
    subject: Subject
    subject_id: UUID
    kind: EventKind
    cleaning_id: UUID | None
    payload: dict[str, Any]
    created_at: Moment


class AuditEntryExport(SQLModel):
    """Something that was done about one's access, or that one did about others'."""

    id: UUID
    action: AuditAction
    by_oneself: bool
    network: str | None = Field(description="Null if it is another's")
    request_id: str | None = Field(description="Null if it is another's")
    details: dict[str, Any] | None = Field(description="Null if they are of another")
    created_at: Moment


class ExportPublic(SQLModel):
    """All that is held of somebody."""

    account: AccountExport
    profile: ProfileExport
    ratings: list[RatingExport]
    sessions: list[SessionExport]
    api_keys: list[ApiKeyExport]
    second_factors: list[SecondFactorExport]
    links: list[LinkExport]
    idempotency_keys: list[IdempotencyKeyExport]
    known_addresses: list[KnownAddressExport]
    known_devices: list[KnownDeviceExport]
    cleanings: list[CleaningExport]
    offers: list[OfferExport]
    bookings: list[BookingExport]
    events: list[EventExport]
    audit: list[AuditEntryExport]
