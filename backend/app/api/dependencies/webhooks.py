"""The reader and the service of webhooks, as dependencies of routes."""

from typing import Annotated

from fastapi import Depends

from app.api.dependencies.database import reader, safeguarded_service
from app.db.repositories import webhooks as repositories
from app.services import webhooks as services

WebhookReader = Annotated[repositories.WebhookReader, Depends(reader(repositories.WebhookReader))]
WebhookService = Annotated[
    services.WebhookService, Depends(safeguarded_service(services.WebhookService))
]
