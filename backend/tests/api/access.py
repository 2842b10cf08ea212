"""Who may do what: each route of the service has a row, each kind of caller a column."""

from collections.abc import Awaitable, Callable

from tests.factories.scenes import Scene, make_scene
from tests.factories.users import Actor, Market, block

# What each caller is answered. The request is one that goes through for whoever is meant to make
# it: the job, the offer and the booking that it is about exist, and are in a state for it.
TABLE = """
                          anonymous   stranger      owner    cleaner    blocked
openapi                         200        200        200        200        200
static-offline-docs             200        200        200        200        200
custom_swagger_ui_html          200        200        200        200        200
swagger_ui_redirect             200        200        200        200        200
redoc_html                      200        200        200        200        200

healthz                         200        200        200        200        200
readyz                          200        200        200        200        200

register_user                   201        201        201        201        201
read_user                       401        200        200        200        401
change_user                     401        200        200        200        401
delete_user                     401        204        204        204        401

create_token                    200        200        200        200        401
delete_token                    401        204        204        204        401

read_own_profile                401        200        200        200        401
edit_profile                    401        200        200        200        401
read_profile                    401        200        200        200        401

post_cleaning                   401        201        201        201        401
browse_cleanings                401        200        200        200        401
read_cleaning                   401        200        200        200        401
edit_cleaning                   401        403        200        403        401
delete_cleaning                 401        403        204        403        401
cancel_cleaning                 401        403        200        403        401
list_cleaning_revisions         401        200        200        200        401
read_feed                       401        200        200        200        401

make_offer                      401        201        409        409        401
list_offers                     401        200        200        200        401
read_offer                      401        404        200        200        401
revise_offer                    401        404        403        200        401
accept_offer                    401        404        201        403        401
reject_offer                    401        404        200        403        401
withdraw_offer                  401        404        403        200        401
renew_offer                     401        404        403        200        401
list_own_offers                 401        200        200        200        401

list_bookings                   401        200        200        200        401
read_booking                    401        404        200        200        401
complete_booking                401        404        200        403        401
cancel_booking                  401        404        200        200        401
miss_booking                    401        404        200        403        401

evaluate_booking                401        404        201        201        401
read_evaluation                 401        404        200        404        401
list_evaluations                401        200        200        200        401
read_evaluation_stats           401        200        200        200        401
"""

STORIES = {
    "renew_offer": "cleaner withdraw_offer",
    "read_booking": "owner accept_offer",
    "complete_booking": "owner accept_offer",
    "cancel_booking": "owner accept_offer",
    "miss_booking": "owner accept_offer",
    "evaluate_booking": "owner accept_offer, owner complete_booking",
    "read_evaluation": "owner accept_offer, owner complete_booking, owner evaluate_booking",
}
"""What has happened before, so that the request goes through."""


async def anonymous(_: Scene) -> None:
    """Nobody is logged in."""


async def stranger(scene: Scene) -> Actor:
    """Somebody who has no part in the job."""
    return scene.stranger


async def owner(scene: Scene) -> Actor:
    """Whoever posted the job."""
    return scene.job.owner


async def cleaner(scene: Scene) -> Actor:
    """Whoever made the offer, and is booked if anybody is."""
    return scene.offers["cleaner"].cleaner


async def blocked(scene: Scene) -> Actor:
    """The owner, whose account has just been blocked."""
    await block(scene.market, scene.job.owner)
    return scene.job.owner


CALLERS: dict[str, Callable[[Scene], Awaitable[Actor | None]]] = {
    caller.__name__: caller for caller in (anonymous, stranger, owner, cleaner, blocked)
}
"""How each caller comes about in a scene, by the name of their column."""


async def scene_for(market: Market, operation: str) -> Scene:
    """A scene in which a request goes through, if the right one makes it."""
    return await make_scene(market, STORIES.get(operation, ""))


def written() -> dict[str, dict[str, int]]:
    """What stands in the table: the status by caller, by operation."""
    header, *rows = (line.split() for line in TABLE.splitlines() if line.strip())
    return {
        operation: dict(zip(header, map(int, statuses), strict=True))
        for operation, *statuses in rows
    }


ACCESS = written()


def entitled(operation: str) -> str:
    """Whose request goes through: the owner's, if they are among those who may make it."""
    callers = ("owner", *ACCESS[operation])
    return next(caller for caller in callers if ACCESS[operation][caller] < 300)
