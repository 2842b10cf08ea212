"""The reader and the service of administration, as dependencies of routes."""

from typing import Annotated

from fastapi import Depends

from app.api.dependencies.database import audited_service, reader
from app.db.repositories import administration as repositories
from app.services import administration as services

AdministrationReader = Annotated[
    repositories.AdministrationReader, Depends(reader(repositories.AdministrationReader))
]
AdministrationService = Annotated[
    services.AdministrationService, Depends(audited_service(services.AdministrationService))
]
