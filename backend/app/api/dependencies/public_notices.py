"""The service of notices, as a dependency of routes."""

from typing import Annotated

from fastapi import Depends

from app.api.dependencies.database import throttled_service
from app.services import public_notices as services

PublicNoticeService = Annotated[
    services.PublicNoticeService, Depends(throttled_service(services.PublicNoticeService))
]
