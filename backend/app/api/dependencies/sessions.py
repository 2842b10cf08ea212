"""The reader and the service of sessions, as dependencies of routes."""

from typing import Annotated

from fastapi import Depends

from app.api.dependencies.database import reader, throttled_service
from app.db.repositories import sessions as repositories
from app.services import sessions as services

SessionReader = Annotated[repositories.SessionReader, Depends(reader(repositories.SessionReader))]
SessionService = Annotated[
    services.SessionService, Depends(throttled_service(services.SessionService))
]
