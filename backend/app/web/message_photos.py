"""The files of the photos of messages, which pages load by the session cookie."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.core.photo_store import NAME
from app.db.models.photos import MESSAGE_PATH, PhotoNotFound
from app.db.repositories.photos import PhotoFileReader
from app.http.photo_files import photo_response
from app.web.answering import answer
from app.web.places import place_of
from app.web.sites import Site
from app.web.visits import Visit

NOT_STORED = {"Cache-Control": "no-store"}
PATH = f"{MESSAGE_PATH}{{name}}"


def message_photo_route(site: Site) -> Route:
    """The route of these files.

    Args:
        site: The market.
    """

    async def show(visit: Visit) -> Response:
        name = visit.request.path_params["name"]
        if not NAME.fullmatch(name):
            raise PhotoNotFound
        with place_of(visit.request):
            await PhotoFileReader(visit.reads).demand_of_message(
                visit.caller,
                name,
                staff_needs_second_factor=visit.safeguards.staff_needs_second_factor,
            )
        return await photo_response(visit.request.app.state.photos, name, NOT_STORED)

    async def endpoint(request: Request) -> Response:
        request.scope["path_template"] = PATH
        return await answer(request, site, show)

    return Route(PATH, endpoint)
