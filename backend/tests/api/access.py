"""Who may do what: each route of the service has a row, each kind of caller a column."""

from collections.abc import Awaitable, Callable

from app.db.models.kinds.feed import FeedScope
from app.db.models.users import UserRole
from tests.factories.api_keys import make_api_key
from tests.factories.scenes import Scene, make_scene
from tests.factories.users import Actor, Market, block, make_user
from tests.features import FEATURES, collected

# The response to each caller. The request succeeds for the caller that is meant to make it: the
# job, the offer and the booking exist, and are in a state that allows it. Outside development,
# metrics are only for callers with their token (test_metrics.py). The routes of features stand in
# tests/features.
TABLE = """
                          anonymous  stranger  owner  cleaner  staff  superuser  blocked  program
openapi                         200       200    200      200    200        200      200      200
documentation_files             200       200    200      200    200        200      200      200
docs                            200       200    200      200    200        200      200      200
oauth2_redirect                 200       200    200      200    200        200      200      200
redoc                           200       200    200      200    200        200      200      200

healthz                         200       200    200      200    200        200      200      200
readyz                          200       200    200      200    200        200      200      200
read_metrics                    200       200    200      200    200        200      200      200
"""
STORIES: dict[str, str] = collected("stories")
"""What has happened before, so that the request goes through."""


async def anonymous(_: Scene) -> None:
    """An anonymous caller."""


async def stranger(scene: Scene) -> Actor:
    """A user without a part in the job."""
    return scene.stranger


async def owner(scene: Scene) -> Actor:
    """The owner of the job."""
    return scene.job.owner


async def cleaner(scene: Scene) -> Actor:
    """The cleaner of the offer, and of the booking if there is one."""
    return scene.offers["cleaner"].cleaner


async def staff(scene: Scene) -> Actor:
    """The member of staff who has done something before, if any has."""
    return scene.staff or await make_user(scene.market, role=UserRole.STAFF)


async def superuser(scene: Scene) -> Actor:
    """A superuser."""
    return await make_user(scene.market, role=UserRole.SUPERUSER)


async def blocked(scene: Scene) -> Actor:
    """The owner, whose account has just been blocked."""
    await block(scene.market, scene.job.owner)
    return scene.job.owner


async def program(scene: Scene) -> Actor:
    """A program of the owner, with an API key that is good for reading the feed only."""
    key = await make_api_key(scene.market, scene.job.owner, scopes=[FeedScope.READ])
    return key.program


CALLING = (anonymous, stranger, owner, cleaner, staff, superuser, blocked, program)
CALLERS: dict[str, Callable[[Scene], Awaitable[Actor | None]]] = {
    caller.__name__: caller for caller in CALLING
}
"""How each caller comes about in a scene, by the name of their column."""


async def scene_for(market: Market, operation: str) -> Scene:
    """A scene in which a request goes through, if the right one makes it."""
    return await make_scene(market, STORIES.get(operation, ""))


def written(table: str) -> dict[str, dict[str, int]]:
    """What stands in a table: the status by caller, by operation."""
    header, *rows = (line.split() for line in table.splitlines() if line.strip())
    return {
        operation: dict(zip(header, map(int, statuses), strict=True))
        for operation, *statuses in rows
    }


TABLES = [TABLE, *(feature.access for feature in FEATURES if feature.access)]
ACCESS = {name: row for table in TABLES for name, row in written(table).items()}


def entitled(operation: str) -> str:
    """Whose request goes through: the owner's, if they are among those who may make it."""
    callers = ("owner", *ACCESS[operation])
    return next(caller for caller in callers if ACCESS[operation][caller] < 300)
