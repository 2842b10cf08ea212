"""The reader and the service of notifications, as dependencies of routes."""

from typing import Annotated

from fastapi import Depends

from app.api.dependencies.database import reader, service
from app.db.repositories import notifications as repositories
from app.services import notifications as services

NotificationReader = Annotated[
    repositories.NotificationReader, Depends(reader(repositories.NotificationReader))
]
NotificationService = Annotated[
    services.NotificationService, Depends(service(services.NotificationService))
]
