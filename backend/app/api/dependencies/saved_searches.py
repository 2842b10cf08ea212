"""The reader and the service of saved searches, as dependencies of routes."""

from typing import Annotated

from fastapi import Depends, Request

from app.api.dependencies.cleanings import MarketCurrency, MarketLanguages
from app.api.dependencies.database import reader
from app.db.repositories import saved_searches as repositories
from app.services import saved_searches as services


async def get_service(
    request: Request, currency: MarketCurrency, languages: MarketLanguages
) -> services.SavedSearchService:
    """The service, in the request's transaction."""
    return services.SavedSearchService(request.state.transaction, currency, languages)


SavedSearchReader = Annotated[
    repositories.SavedSearchReader, Depends(reader(repositories.SavedSearchReader))
]
SavedSearchService = Annotated[services.SavedSearchService, Depends(get_service)]
