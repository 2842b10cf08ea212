"""The reader and the services of uploads, as dependencies of routes, and their route class."""

from typing import Annotated, Any

from fastapi import Depends, Request, Response

from app.api.dependencies.authentication import find_bearer
from app.api.dependencies.database import reader, service
from app.db.models.uploads import Arrived
from app.db.repositories import photos as files
from app.db.repositories import uploads as repositories
from app.http.idempotency_keys import REPLAYED
from app.http.problems import WITH_BODY, describe
from app.http.receiving import (
    OF_FILES,
    ReceivingPlaces,
    arriving,
    body_of,
    demand_image,
    in_time,
    receive_file,
)
from app.http.transactions import Handler, TransactionalRoute
from app.services import photos, uploads

CREATED = 201


class ReceivingRoute(TransactionalRoute):
    """A route whose body is a file, which is stored before the transaction begins.

    Nothing of the body is read before the caller is known to be logged in and within the limits.
    The file is deleted again unless the response is that of a new upload.
    """

    on_fast_path = False  # FastAPI checks the headers before the file is received

    def __init__(self, path: str, endpoint: Any, **options: Any) -> None:
        super().__init__(path, endpoint, **options)
        describe(self.responses, *WITH_BODY)

    def in_transaction(self, handle: Handler) -> Handler:
        """The same handler, with the file as `request.state.arrived`."""
        work = super().in_transaction(handle)

        async def handle_file(request: Request) -> Response:
            state, media_type = request.app.state, demand_image(request)
            places: ReceivingPlaces = state.receiving
            bearer = await find_bearer(request)
            request.scope["state"]["bearer"] = bearer
            async with arriving(state.photos) as files:
                with places.taken(bearer.user_id):
                    await uploads.UploadAdmission(state.database, state.safeguards).admit(bearer)
                    async with in_time(OF_FILES.seconds):
                        file = await receive_file(body_of(request), state.photos, media_type)
                files.append(file)
                request.state.arrived = file
                request.scope["state"]["digest"] = file.digest
                response = await work(request)
                files.used = response.status_code == CREATED and REPLAYED not in response.headers
            return response

        return handle_file


async def get_arrived(request: Request) -> Arrived:
    """The file that was the body of the request."""
    arrived: Arrived = request.state.arrived
    return arrived


ArrivedFile = Annotated[Arrived, Depends(get_arrived)]
PhotoFileReader = Annotated[files.PhotoFileReader, Depends(reader(files.PhotoFileReader))]
UploadReader = Annotated[repositories.UploadReader, Depends(reader(repositories.UploadReader))]
UploadService = Annotated[uploads.UploadService, Depends(service(uploads.UploadService))]
PhotoService = Annotated[photos.PhotoService, Depends(service(photos.PhotoService))]
