"""The reader and the service of deliveries, as dependencies of routes."""

from typing import Annotated

from fastapi import Depends

from app.api.dependencies.database import reader, safeguarded_service
from app.db.repositories import webhook_deliveries as repositories
from app.services import webhook_deliveries as services

DeliveryReader = Annotated[
    repositories.DeliveryReader, Depends(reader(repositories.DeliveryReader))
]
DeliveryService = Annotated[
    services.WebhookDeliveryService,
    Depends(safeguarded_service(services.WebhookDeliveryService)),
]
