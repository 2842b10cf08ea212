"""The reader and the service of threads, as dependencies of routes."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends

from app.api.dependencies.database import reader, service
from app.db.models.threads import ThreadKey
from app.db.repositories import threads as repositories
from app.http.fastpath.early import early
from app.services import threads as services


@early
async def get_thread(cleaning_id: UUID, cleaner_id: UUID) -> ThreadKey:
    """The key in the path of a thread."""
    return ThreadKey(cleaning_id, cleaner_id)


ThreadInPath = Annotated[ThreadKey, Depends(get_thread)]
ThreadReader = Annotated[repositories.ThreadReader, Depends(reader(repositories.ThreadReader))]
ThreadService = Annotated[services.ThreadService, Depends(service(services.ThreadService))]
