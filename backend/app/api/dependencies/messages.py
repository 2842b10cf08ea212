"""The reader and the service of messages, as dependencies of routes."""

from typing import Annotated

from fastapi import Depends

from app.api.dependencies.database import reader, safeguarded_service
from app.db.repositories import messages as repositories
from app.services import messages as services

MessageReader = Annotated[repositories.MessageReader, Depends(reader(repositories.MessageReader))]
MessageService = Annotated[
    services.MessageService, Depends(safeguarded_service(services.MessageService))
]
