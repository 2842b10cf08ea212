"""The service of hiding, as dependencies of routes."""

from typing import Annotated

from fastapi import Depends

from app.api.dependencies.database import audited_service
from app.services import hiding as services
from app.services import photo_hiding

PhotoHidingService = Annotated[
    photo_hiding.PhotoHidingService, Depends(audited_service(photo_hiding.PhotoHidingService))
]
HidingService = Annotated[services.HidingService, Depends(audited_service(services.HidingService))]
