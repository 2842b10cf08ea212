"""The reader and the service of evaluations, as dependencies of routes."""

from typing import Annotated

from fastapi import Depends

from app.api.dependencies.database import reader, service
from app.db.repositories import evaluations as repositories
from app.services import evaluations as services

EvaluationReader = Annotated[
    repositories.EvaluationReader, Depends(reader(repositories.EvaluationReader))
]
EvaluationService = Annotated[
    services.EvaluationService, Depends(service(services.EvaluationService))
]
