"""The service of hiding, as dependencies of routes."""

from typing import Annotated

from fastapi import Depends

from app.api.dependencies.database import audited_service
from app.services import hiding as services

HidingService = Annotated[services.HidingService, Depends(audited_service(services.HidingService))]
