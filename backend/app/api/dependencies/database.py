"""What routes work with: readers for what is shown, services for what is done."""

from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar

from fastapi import Depends, Request

from app.core.clients import Client
from app.db.repositories.administration import AdministrationReader
from app.db.repositories.api_keys import ApiKeyReader
from app.db.repositories.bookings import BookingReader
from app.db.repositories.cleanings import CleaningReader
from app.db.repositories.evaluations import EvaluationReader
from app.db.repositories.events import FeedReader
from app.db.repositories.offers import OfferReader
from app.db.repositories.profiles import ProfileReader
from app.db.repositories.second_factors import SecondFactorReader
from app.db.repositories.sessions import SessionReader
from app.db.repositories.users import UserReader
from app.http.clients import Requester
from app.postgres.statements import Source
from app.postgres.transactions import Transaction
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
from app.services.removals import RemovalService
from app.services.safeguards import Safeguards
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


def safeguarded_service(
    make: Callable[[Transaction, Client, Safeguards], Made],
) -> Callable[[Request, Client], Awaitable[Made]]:
    """A dependency like that, which also knows what accounts are protected with."""

    async def get_service(request: Request, client: Requester) -> Made:
        return make(request.state.transaction, client, request.app.state.safeguards)

    return get_service


def throttled_service(
    make: Callable[[Transaction, Client, Safeguards, Source], Made],
) -> Callable[[Request, Client], Awaitable[Made]]:
    """A dependency like that, which also counts tries, before the transaction begins."""

    async def get_service(request: Request, client: Requester) -> Made:
        state = request.app.state
        return make(request.state.transaction, client, state.safeguards, state.database)

    return get_service


async def get_currency(request: Request) -> str:
    """The currency of the market."""
    currency: str = request.app.state.currency
    return currency


MarketCurrency = Annotated[str, Depends(get_currency)]


async def get_bookings(request: Request) -> BookingService:
    """The use cases of bookings, in the request's transaction."""
    return BookingService(request.state.transaction, request.app.state.answered_within)


AccountsShown = Annotated[AdministrationReader, Depends(reader(AdministrationReader))]
ApiKeysShown = Annotated[ApiKeyReader, Depends(reader(ApiKeyReader))]
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
ApiKeys = Annotated[ApiKeyService, Depends(safeguarded_service(ApiKeyService))]
Bookings = Annotated[BookingService, Depends(get_bookings)]
Cleanings = Annotated[CleaningService, Depends(service(CleaningService))]
Evaluations = Annotated[EvaluationService, Depends(service(EvaluationService))]
Exports = Annotated[ExportService, Depends(safeguarded_service(ExportService))]
Hiding = Annotated[HidingService, Depends(audited_service(HidingService))]
Links = Annotated[LinkService, Depends(throttled_service(LinkService))]
Offers = Annotated[OfferService, Depends(service(OfferService))]
Profiles = Annotated[ProfileService, Depends(service(ProfileService))]
Removals = Annotated[RemovalService, Depends(audited_service(RemovalService))]
SecondFactors = Annotated[SecondFactorService, Depends(throttled_service(SecondFactorService))]
Sessions = Annotated[SessionService, Depends(throttled_service(SessionService))]
Users = Annotated[UserService, Depends(throttled_service(UserService))]
