"""The reader and the service of tasks, as dependencies of routes."""

from typing import Annotated

from fastapi import Depends

from app.api.dependencies.database import audited_service, reader
from app.db.repositories import tasks as repositories
from app.services import tasks as services

TaskReader = Annotated[repositories.TaskReader, Depends(reader(repositories.TaskReader))]
TaskService = Annotated[services.TaskService, Depends(audited_service(services.TaskService))]
