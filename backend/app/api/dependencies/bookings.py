"""The reader and the service of bookings, as dependencies of routes."""

from typing import Annotated

from fastapi import Depends, Request

from app.api.dependencies.database import reader
from app.db.repositories import bookings as repositories
from app.services import bookings as services


async def get_service(request: Request) -> services.BookingService:
    """The service in the request's transaction."""
    return services.BookingService(request.state.transaction, request.app.state.answered_within)


BookingReader = Annotated[repositories.BookingReader, Depends(reader(repositories.BookingReader))]
BookingService = Annotated[services.BookingService, Depends(get_service)]
