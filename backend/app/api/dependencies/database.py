"""What routes work with: readers for what is shown, services for what is done."""

from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar

from fastapi import Depends, Request

from app.api.dependencies.clients import Requester
from app.core.clients import Client
from app.db.engine import Transaction
from app.db.repositories.administration import AdministrationReader
from app.db.repositories.api_keys import ApiKeyReader
from app.db.repositories.audit import AuditReader
from app.db.repositories.bookings import BookingReader
from app.db.repositories.cleanings import CleaningReader
from app.db.repositories.evaluations import EvaluationReader
from app.db.repositories.events import FeedReader
from app.db.repositories.offers import OfferReader
from app.db.repositories.profiles import ProfileReader
from app.db.repositories.second_factors import SecondFactorReader
from app.db.repositories.sessions import SessionReader
from app.db.repositories.users import UserReader
from app.db.statements import Source
from app.services.administration import AdministrationService
from app.services.api_keys import ApiKeyService
from app.services.bookings import BookingService
from app.services.cleanings import CleaningService
from app.services.evaluations import EvaluationService
from app.services.exports import ExportService
from app.services.hiding import HidingService
from app.services.links import LinkService
from app.services.offers import OfferService
from app.services.profiles import ProfileService
from app.services.second_factors import SecondFactorService
from app.services.sessions import SessionService
from app.services.users import UserService

Made = TypeVar("Made")


def reader(make: Callable[[Source], Made]) -> Callable[[Request], Awaitable[Made]]:
    """A dependency that reads in the request's transaction, or where reads are served."""

    async def get_reader(request: Request) -> Made:
        source: Source = getattr(request.state, "transaction", request.app.state.database.reads)
        return make(source)

    return get_reader


def service(make: Callable[[Transaction], Made]) -> Callable[[Request], Awaitable[Made]]:
    """A dependency that works in the request's transaction."""

    async def get_service(request: Request) -> Made:
        return make(request.state.transaction)

    return get_service


def audited_service(
    make: Callable[[Transaction, Client], Made],
) -> Callable[[Request, Client], Awaitable[Made]]:
    """A dependency that works in the request's transaction, and says where the request is from."""

    async def get_service(request: Request, client: Requester) -> Made:
        return make(request.state.transaction, client)

    return get_service


async def get_user_service(request: Request, client: Requester) -> UserService:
    """The use cases of accounts."""
    state = request.app.state
    return UserService(
        request.state.transaction,
        state.database,
        client,
        passwords=state.passwords,
        keyring=state.keyring,
        limits=state.limits,
        lifetimes=state.lifetimes,
        verifies_emails=state.verifies_emails,
    )


async def get_link_service(request: Request, client: Requester) -> LinkService:
    """The use cases of links."""
    state = request.app.state
    return LinkService(
        request.state.transaction,
        state.database,
        client,
        passwords=state.passwords,
        keyring=state.keyring,
        limits=state.limits,
    )


async def get_second_factor_service(request: Request, client: Requester) -> SecondFactorService:
    """The use cases of second factors."""
    state = request.app.state
    return SecondFactorService(
        request.state.transaction, client, keyring=state.keyring, limits=state.limits
    )


async def get_export_service(request: Request, client: Requester) -> ExportService:
    """The use cases of exports."""
    state = request.app.state
    return ExportService(
        request.state.transaction,
        state.database,
        client,
        keyring=state.keyring,
        limits=state.limits,
    )


async def get_session_service(request: Request, client: Requester) -> SessionService:
    """The use cases of sessions."""
    state = request.app.state
    return SessionService(
        request.state.transaction,
        state.database,
        client,
        passwords=state.passwords,
        tokens=state.access_tokens,
        keyring=state.keyring,
        lifetimes=state.lifetimes,
        limits=state.limits,
    )


async def get_api_key_service(request: Request, client: Requester) -> ApiKeyService:
    """The use cases of API keys."""
    return ApiKeyService(request.state.transaction, client, request.app.state.keyring)


AccountsShown = Annotated[AdministrationReader, Depends(reader(AdministrationReader))]
ApiKeysShown = Annotated[ApiKeyReader, Depends(reader(ApiKeyReader))]
AuditShown = Annotated[AuditReader, Depends(reader(AuditReader))]
BookingsShown = Annotated[BookingReader, Depends(reader(BookingReader))]
CleaningsShown = Annotated[CleaningReader, Depends(reader(CleaningReader))]
EvaluationsShown = Annotated[EvaluationReader, Depends(reader(EvaluationReader))]
FeedShown = Annotated[FeedReader, Depends(reader(FeedReader))]
OffersShown = Annotated[OfferReader, Depends(reader(OfferReader))]
ProfilesShown = Annotated[ProfileReader, Depends(reader(ProfileReader))]
SecondFactorsShown = Annotated[SecondFactorReader, Depends(reader(SecondFactorReader))]
SessionsShown = Annotated[SessionReader, Depends(reader(SessionReader))]
UsersShown = Annotated[UserReader, Depends(reader(UserReader))]

Administration = Annotated[AdministrationService, Depends(audited_service(AdministrationService))]
ApiKeys = Annotated[ApiKeyService, Depends(get_api_key_service)]
Bookings = Annotated[BookingService, Depends(service(BookingService))]
Cleanings = Annotated[CleaningService, Depends(service(CleaningService))]
Evaluations = Annotated[EvaluationService, Depends(service(EvaluationService))]
Exports = Annotated[ExportService, Depends(get_export_service)]
Hiding = Annotated[HidingService, Depends(audited_service(HidingService))]
Links = Annotated[LinkService, Depends(get_link_service)]
Offers = Annotated[OfferService, Depends(service(OfferService))]
Profiles = Annotated[ProfileService, Depends(service(ProfileService))]
SecondFactors = Annotated[SecondFactorService, Depends(get_second_factor_service)]
Sessions = Annotated[SessionService, Depends(get_session_service)]
Users = Annotated[UserService, Depends(get_user_service)]
