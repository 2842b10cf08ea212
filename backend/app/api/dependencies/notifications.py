"""The readers and the service of notifications, and their streams, as dependencies of routes."""

from typing import Annotated

from fastapi import Depends, Request

from app.api.dependencies.database import reader, service
from app.db.repositories import notification_streams
from app.db.repositories import notifications as repositories
from app.http.streaming import Streams
from app.services import notifications as services

NotificationReader = Annotated[
    repositories.NotificationReader, Depends(reader(repositories.NotificationReader))
]
NotificationService = Annotated[
    services.NotificationService, Depends(service(services.NotificationService))
]


async def get_stream_reader(request: Request) -> notification_streams.NotificationStreamReader:
    """The reader of streams, on the primary."""
    return notification_streams.NotificationStreamReader(request.app.state.database)


async def get_streams(request: Request) -> Streams:
    """The open streams of this process."""
    streams: Streams = request.app.state.streams
    return streams


NotificationStreamReader = Annotated[
    notification_streams.NotificationStreamReader, Depends(get_stream_reader)
]
OpenStreams = Annotated[Streams, Depends(get_streams)]
