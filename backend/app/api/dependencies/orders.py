"""The reader and the service of orders, as dependencies of routes."""

from typing import Annotated

from fastapi import Depends, Request

from app.api.dependencies.database import reader
from app.db.repositories import orders as repositories
from app.services import orders as services


async def get_service(request: Request) -> services.OrderService:
    """The service in the request's transaction."""
    return services.OrderService(request.state.transaction, request.app.state.order_limits)


OrderReader = Annotated[repositories.OrderReader, Depends(reader(repositories.OrderReader))]
OrderService = Annotated[services.OrderService, Depends(get_service)]
