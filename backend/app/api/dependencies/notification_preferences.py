"""The reader and the service of preferences of notifications, as dependencies of routes."""

from typing import Annotated

from fastapi import Depends

from app.api.dependencies.database import reader, safeguarded_service
from app.db.repositories import notification_preferences as repositories
from app.services import notification_preferences as services

NotificationPreferencesReader = Annotated[
    repositories.NotificationPreferencesReader,
    Depends(reader(repositories.NotificationPreferencesReader)),
]
NotificationPreferencesService = Annotated[
    services.NotificationPreferencesService,
    Depends(safeguarded_service(services.NotificationPreferencesService)),
]
