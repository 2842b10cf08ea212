"""The service of links, as dependencies of routes."""

from typing import Annotated

from fastapi import Depends

from app.api.dependencies.database import throttled_service
from app.services import links as services

LinkService = Annotated[services.LinkService, Depends(throttled_service(services.LinkService))]
