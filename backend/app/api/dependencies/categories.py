"""The reader and the service of categories, as dependencies of routes."""

from typing import Annotated

from fastapi import Depends

from app.api.dependencies.database import audited_service, reader
from app.db.repositories import categories as repositories
from app.services import categories as services

CategoryReader = Annotated[
    repositories.CategoryReader, Depends(reader(repositories.CategoryReader))
]
CategoryService = Annotated[
    services.CategoryService, Depends(audited_service(services.CategoryService))
]
