"""The reader and the service of users, as dependencies of routes."""

from typing import Annotated

from fastapi import Depends

from app.api.dependencies.database import reader, throttled_service
from app.db.repositories import users as repositories
from app.services import users as services

UserReader = Annotated[repositories.UserReader, Depends(reader(repositories.UserReader))]
UserService = Annotated[services.UserService, Depends(throttled_service(services.UserService))]
