"""The service of exports, as dependencies of routes."""

from typing import Annotated

from fastapi import Depends

from app.api.dependencies.database import safeguarded_service
from app.services import exports as services

ExportService = Annotated[
    services.ExportService, Depends(safeguarded_service(services.ExportService))
]
