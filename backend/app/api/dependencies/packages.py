"""The reader and the service of packages, as dependencies of routes."""

from typing import Annotated

from fastapi import Depends

from app.api.dependencies.database import reader, service
from app.db.repositories import packages as repositories
from app.services import packages as services

PackageReader = Annotated[repositories.PackageReader, Depends(reader(repositories.PackageReader))]
PackageService = Annotated[services.PackageService, Depends(service(services.PackageService))]
