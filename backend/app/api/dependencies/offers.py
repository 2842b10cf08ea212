"""The reader and the service of offers, as dependencies of routes."""

from typing import Annotated

from fastapi import Depends

from app.api.dependencies.database import reader, service
from app.db.repositories import offers as repositories
from app.services import offers as services

OfferReader = Annotated[repositories.OfferReader, Depends(reader(repositories.OfferReader))]
OfferService = Annotated[services.OfferService, Depends(service(services.OfferService))]
