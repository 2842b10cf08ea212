"""The reader and the service of reports, as dependencies of routes."""

from typing import Annotated

from fastapi import Depends

from app.api.dependencies.database import reader, safeguarded_service
from app.db.repositories import reports as repositories
from app.services import reports as services

ReportReader = Annotated[repositories.ReportReader, Depends(reader(repositories.ReportReader))]
ReportService = Annotated[
    services.ReportService, Depends(safeguarded_service(services.ReportService))
]
