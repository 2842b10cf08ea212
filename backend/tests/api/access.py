"""Who may do what: each route of the service has a row, each kind of caller a column."""

from collections.abc import Awaitable, Callable

from app.db.models.kinds.feed import FeedScope
from app.db.models.users import UserRole
from tests.factories.api_keys import make_api_key
from tests.factories.scenes import Scene, make_scene
from tests.factories.users import Actor, Market, block, make_user

# What each caller is answered. The request is one that goes through for whoever is meant to make
# it: the job, the offer and the booking that it is about exist, and are in a state for it. Outside
# development, metrics are only for whoever knows their token (test_metrics.py).
TABLE = """
                          anonymous  stranger  owner  cleaner  staff  superuser  blocked  program
openapi                         200       200    200      200    200        200      200      200
documentation_files             200       200    200      200    200        200      200      200
docs                            200       200    200      200    200        200      200      200
oauth2_redirect                 200       200    200      200    200        200      200      200
redoc                           200       200    200      200    200        200      200      200

about_page                      200       200    200      200    200        200      200      200
verification_page               200       200    200      200    200        200      200      200
verify_email_by_page            200       200    200      200    200        200      422      200
reset_page                      200       200    200      200    200        200      200      200
reset_password_by_page          200       200    200      200    200        200      422      200
ask_for_reset_by_page           200       200    200      200    200        200      200      200
removal_page                    200       200    200      200    200        200      200      200
stop_second_factor_removal_by_page  200   200    200      200    200        200      200      200
page_files                      200       200    200      200    200        200      200      200

healthz                         200       200    200      200    200        200      200      200
readyz                          200       200    200      200    200        200      200      200
read_metrics                    200       200    200      200    200        200      200      200

register_user                   201       201    201      201    201        201      201      201
read_user                       401       200    200      200    200        200      401      403
change_user                     401       200    200      200    200        200      401      403
delete_user                     401       204    204      204    204        204      401      403
export_user                     401       200    200      200    200        200      401      403

ask_for_verification            202       202    202      202    202        202      202      202
verify_email                    204       204    204      204    204        204      422      204
ask_for_reset                   202       202    202      202    202        202      202      202
reset_password                  204       204    204      204    204        204      422      204
stop_second_factor_removal      204       204    204      204    204        204      204      204

create_token                    200       200    200      200    200        200      401      200
delete_token                    401       204    204      204    204        204      401      403
step_up                         401       200    200      200    200        200      401      403
list_own_sessions               401       200    200      200    200        200      401      403
delete_other_sessions           401       204    204      204    204        204      401      403
delete_session                  401       404    204      404    404        404      401      403

read_second_factor              401       200    200      200    200        200      401      403
prepare_second_factor           401       200    200      200    200        200      401      403
confirm_second_factor           401       404    200      404    404        404      401      403
renew_recovery_codes            401       404    200      404    404        404      401      403
remove_second_factor            401       404    204      404    404        404      401      403

make_api_key                    401       201    201      201    201        201      401      403
list_own_api_keys               401       200    200      200    200        200      401      403
delete_api_key                  401       404    204      404    404        404      401      403

read_own_profile                401       200    200      200    200        200      401      403
edit_profile                    401       200    200      200    200        200      401      403
read_profile                    401       200    200      200    200        200      401      403

post_cleaning                   401       201    201      201    201        201      401      403
browse_cleanings                401       200    200      200    200        200      401      403
read_cleaning                   401       200    200      200    200        200      401      403
edit_cleaning                   401       403    200      403    403        403      401      403
delete_cleaning                 401       403    204      403    403        403      401      403
cancel_cleaning                 401       403    200      403    403        403      401      403
list_cleaning_revisions         401       200    200      200    200        200      401      403
read_feed                       401       200    200      200    200        200      401      200

make_offer                      401       201    409      409    201        201      401      403
list_offers                     401       200    200      200    200        200      401      403
read_offer                      401       404    200      200    404        404      401      403
revise_offer                    401       404    403      200    404        404      401      403
accept_offer                    401       404    201      403    404        404      401      403
reject_offer                    401       404    200      403    404        404      401      403
withdraw_offer                  401       404    403      200    404        404      401      403
renew_offer                     401       404    403      200    404        404      401      403
list_own_offers                 401       200    200      200    200        200      401      403

list_bookings                   401       200    200      200    200        200      401      403
list_cleaning_bookings          401       200    200      200    200        200      401      403
read_booking                    401       404    200      200    404        404      401      403
complete_booking                401       404    200      403    404        404      401      403
report_completion               401       404    403      200    404        404      401      403
cancel_booking                  401       404    200      200    404        404      401      403
miss_booking                    401       404    200      403    404        404      401      403

evaluate_booking                401       404    201      201    404        404      401      403
read_evaluation                 401       404    200      404    404        404      401      403
list_evaluations                401       200    200      200    200        200      401      403
read_evaluation_stats           401       200    200      200    200        200      401      403

list_accounts                   401       403    403      403    200        200      401      403
look_up_account                 401       403    403      403    200        200      401      403
read_account                    401       403    403      403    200        200      401      403
block_account                   401       403    403      403    200        200      401      403
unblock_account                 401       403    403      403    200        200      401      403
deactivate_account              401       403    403      403    200        200      401      403
reactivate_account              401       403    403      403    200        200      401      403
end_account_sessions            401       403    403      403    204        204      401      403
give_role                       401       403    403      403    403        200      401      403
request_second_factor_removal   401       403    403      403    200        200      401      403
cancel_second_factor_removal    401       403    403      403    200        200      401      403

hide_cleaning                   401       403    403      403    204        204      401      403
show_cleaning                   401       403    403      403    204        204      401      403
hide_offer                      401       403    403      403    204        204      401      403
show_offer                      401       403    403      403    204        204      401      403
hide_evaluation                 401       403    403      403    204        204      401      403
show_evaluation                 401       403    403      403    204        204      401      403

list_audit                      401       403    403      403    200        200      401      403
"""

BOOKED = "owner accept_offer"
DONE = f"{BOOKED}, owner complete_booking"
EVALUATED = f"{DONE}, owner evaluate_booking"
PREPARED = "owner prepare_second_factor"
CONFIRMED = f"{PREPARED}, owner confirm_second_factor"
OF_STRANGER = "stranger prepare_second_factor, stranger confirm_second_factor"
REMOVING = f"{OF_STRANGER}, staff request_second_factor_removal"
STORIES = {
    "renew_offer": "cleaner withdraw_offer",
    "read_booking": BOOKED,
    "complete_booking": BOOKED,
    "cancel_booking": BOOKED,
    "report_completion": BOOKED,
    "miss_booking": f"{BOOKED}, clock start",
    "evaluate_booking": DONE,
    "read_evaluation": EVALUATED,
    "hide_evaluation": EVALUATED,
    "show_evaluation": EVALUATED,
    "confirm_second_factor": PREPARED,
    "renew_recovery_codes": CONFIRMED,
    "remove_second_factor": CONFIRMED,
    "request_second_factor_removal": OF_STRANGER,
    "cancel_second_factor_removal": REMOVING,
    "stop_second_factor_removal": REMOVING,
    "stop_second_factor_removal_by_page": REMOVING,
    "delete_api_key": "owner make_api_key",
    "verify_email": "anonymous ask_for_verification",
    "reset_password": "anonymous ask_for_reset",
    "verify_email_by_page": "anonymous ask_for_verification",
    "reset_password_by_page": "anonymous ask_for_reset",
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


async def staff(scene: Scene) -> Actor:
    """Somebody who looks after the market."""
    return await make_user(scene.market, role=UserRole.STAFF)


async def superuser(scene: Scene) -> Actor:
    """Somebody who looks after those, too."""
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
