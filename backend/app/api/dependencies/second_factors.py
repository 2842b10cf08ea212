"""The reader and the service of second factors, as dependencies of routes."""

from typing import Annotated

from fastapi import Depends

from app.api.dependencies.database import reader, throttled_service
from app.db.repositories import second_factors as repositories
from app.services import second_factors as services

SecondFactorReader = Annotated[
    repositories.SecondFactorReader, Depends(reader(repositories.SecondFactorReader))
]
SecondFactorService = Annotated[
    services.SecondFactorService, Depends(throttled_service(services.SecondFactorService))
]
