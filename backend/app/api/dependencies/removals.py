"""The service of removals, as dependencies of routes."""

from typing import Annotated

from fastapi import Depends

from app.api.dependencies.database import audited_service
from app.services import removals as services

RemovalService = Annotated[
    services.RemovalService, Depends(audited_service(services.RemovalService))
]
