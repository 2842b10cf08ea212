"""The reader and the service of profiles, as dependencies of routes."""

from typing import Annotated

from fastapi import Depends

from app.api.dependencies.database import reader, service
from app.db.repositories import profiles as repositories
from app.services import profiles as services

ProfileReader = Annotated[repositories.ProfileReader, Depends(reader(repositories.ProfileReader))]
ProfileService = Annotated[services.ProfileService, Depends(service(services.ProfileService))]
