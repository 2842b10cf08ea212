"""The reader and the service of decisions about reports, as dependencies of routes."""

from typing import Annotated

from fastapi import Depends

from app.api.dependencies.database import audited_service, reader
from app.db.repositories import decisions as repositories
from app.services import decisions as services

DecisionReader = Annotated[
    repositories.DecisionReader, Depends(reader(repositories.DecisionReader))
]
DecisionService = Annotated[
    services.DecisionService, Depends(audited_service(services.DecisionService))
]
