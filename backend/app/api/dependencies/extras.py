"""The service of extras, as a dependency of routes."""

from typing import Annotated

from fastapi import Depends

from app.api.dependencies.database import audited_service
from app.services import extras as services

ExtraService = Annotated[services.ExtraService, Depends(audited_service(services.ExtraService))]
