"""The reader and the service of blocks, as dependencies of routes."""

from typing import Annotated

from fastapi import Depends

from app.api.dependencies.database import reader, service
from app.db.repositories import blocks as repositories
from app.services import blocks as services

BlockReader = Annotated[repositories.BlockReader, Depends(reader(repositories.BlockReader))]
BlockService = Annotated[services.BlockService, Depends(service(services.BlockService))]
