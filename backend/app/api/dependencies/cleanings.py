"""The reader and the service of cleanings, as dependencies of routes."""

from typing import Annotated

from fastapi import Depends, Request

from app.api.dependencies.database import reader, service
from app.core.languages import Languages
from app.db.repositories import cleanings as repositories
from app.services import cleanings as services


async def get_currency(request: Request) -> str:
    """The currency of the market."""
    currency: str = request.app.state.currency
    return currency


async def get_languages(request: Request) -> Languages:
    """The languages of the market."""
    languages: Languages = request.app.state.languages
    return languages


MarketLanguages = Annotated[Languages, Depends(get_languages)]
MarketCurrency = Annotated[str, Depends(get_currency)]
CleaningReader = Annotated[
    repositories.CleaningReader, Depends(reader(repositories.CleaningReader))
]
CleaningService = Annotated[services.CleaningService, Depends(service(services.CleaningService))]
