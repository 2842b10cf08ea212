"""The reader and the service of API keys, as dependencies of routes."""

from typing import Annotated

from fastapi import Depends

from app.api.dependencies.database import reader, safeguarded_service
from app.db.repositories import api_keys as repositories
from app.services import api_keys as services

ApiKeyReader = Annotated[repositories.ApiKeyReader, Depends(reader(repositories.ApiKeyReader))]
ApiKeyService = Annotated[
    services.ApiKeyService, Depends(safeguarded_service(services.ApiKeyService))
]
