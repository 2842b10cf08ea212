"""The reader and the service of readings of threads, as dependencies of routes."""

from typing import Annotated

from fastapi import Depends

from app.api.dependencies.database import reader, safeguarded_service
from app.db.repositories import thread_readings as repositories
from app.services import thread_readings as services

ThreadReadingReader = Annotated[
    repositories.ThreadReadingReader, Depends(reader(repositories.ThreadReadingReader))
]
ThreadReadingService = Annotated[
    services.ThreadReadingService, Depends(safeguarded_service(services.ThreadReadingService))
]
