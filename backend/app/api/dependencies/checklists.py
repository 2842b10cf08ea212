"""The service of checklists, as a dependency of routes."""

from typing import Annotated

from fastapi import Depends

from app.api.dependencies.database import audited_service
from app.services import checklists as services

ChecklistService = Annotated[
    services.ChecklistService, Depends(audited_service(services.ChecklistService))
]
