"""The files of photos, which pages and programs load without a login, by names of 128 random bits.

Each request asks the database whether the photo may be shown: it is gone as soon as staff hides it,
its user deletes it, or what it belongs to disappears.
"""

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.core.photo_store import NAME
from app.db.models.photos import PATH, PhotoNotFound
from app.db.repositories.photos import PhotoFileReader
from app.http.photo_files import SAFE, photo_response
from app.web.places import place_of

KEPT = {"Cache-Control": "private, max-age=300"}

router = APIRouter(include_in_schema=False)


@router.get(f"{PATH}{{name}}.webp")
async def photo_file(name: str, request: Request) -> Response:
    """A file of a photo.

    Raises:
        PhotoNotFound: There is none, or it may not be shown.
        Unavailable: All places for strangers are taken.
    """
    state = request.app.state
    if not NAME.fullmatch(name):
        raise PhotoNotFound
    with place_of(request):
        is_shown = await PhotoFileReader(state.database.reads).is_shown(name)
    if not is_shown:
        raise PhotoNotFound
    headers = KEPT | {"ETag": f'"{name}"'}
    if f'"{name}"' in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=SAFE | headers)
    return await photo_response(state.photos, name, headers)
