"""Reports, as the tests that hold for all features see them."""

from typing import TYPE_CHECKING, Any

from tests.factories.cleanings import make_cleaning
from tests.factories.reports import make_report
from tests.factories.users import Actor, Market
from tests.features import Damage, Feature

if TYPE_CHECKING:
    from tests.factories.scenes import Scene

MADE = "stranger make_report"
TAKEN = f"{MADE}, staff take_report"
DECIDED = f"{MADE}, staff decide_report"


def draft(scene: "Scene") -> dict[str, Any]:
    """A report about the message of the cleaner, if there is one; else about the job."""
    thread = f"{scene.job.path}/threads/{scene.offers['cleaner'].cleaner.id}"
    number = scene.known.get("message_number")
    path = f"{thread}/messages/{number}" if number else scene.job.path
    return {"path": path, "kind": "fraud", "words": "Asks for money in advance."}


async def leave_traces(market: Market, actor: Actor, other: Actor) -> list[str]:
    """Reports something of another user, and is reported."""
    foreign = await make_cleaning(market, other)
    made = await make_report(market, foreign.path, other, actor, words="Canary report")
    own = await make_cleaning(market, actor, name="Canary stairs of reports")
    await make_report(market, own.path, actor, other)
    return [made.path, "/reports"]


FEATURE = Feature(
    access="""
                          anonymous  stranger  owner  cleaner  staff  superuser  blocked  program
make_report                     401       201    409      201    201        201      401      403
list_reports                    401       200    200      200    200        200      401      403
read_report                     401       200    404      404    404        404      401      403
list_reports_for_staff          401       403    403      403    200        200      401      403
read_report_for_staff           401       403    403      403    200        200      401      403
take_report                     401       403    403      403    204        204      401      403
release_report                  401       403    403      403    204        204      401      403
""",
    scopes={
        "read:reports": {"list_reports", "read_report", "list_decisions", "read_decision"},
        "write:reports": {"make_report", "appeal"},
    },
    writable="""
make_report  path kind words
""",
    stories={
        **dict.fromkeys(("read_report", "read_report_for_staff", "take_report"), MADE),
        "release_report": TAKEN,
    },
    bodies={
        "make_report": draft,
    },
    learned={"make_report": ("report_id", "id")},
    load="""
INSERT INTO reports (id, reporter_id, subject, path, author_id, kind, words, content, status,
    decisions, decided_at, created_at, updated_at, version)
SELECT id, cleaner_id, 'cleaning', '/cleanings/' || id, owner_id, 'spam', 'Spam', '{}',
    CASE n % 3 WHEN 0 THEN 'waiting' ELSE 'decided' END, (n % 3 > 0)::int,
    CASE WHEN n % 3 > 0 THEN now() END, now(), now(), 1
FROM jobs;
""",
    lists=("/reports",),
    damages={
        "reports_decided": Damage(MADE, "UPDATE reports SET decisions = 1"),
        "reports_expired": Damage(
            DECIDED, "UPDATE reports SET decided_at = now() - interval '92 days'"
        ),
        "reports_taken": Damage(
            f"{DECIDED}, owner appeal, staff take_report",
            "UPDATE decisions SET staff_id = (SELECT taker_id FROM reports)",
        ),
    },
    leftovers=(
        (f"{MADE}, stranger delete_user", "UPDATE reports SET words = 'From Anna'"),
        (f"{MADE}, owner delete_user", """UPDATE reports SET content = '{"text": "Anna"}'"""),
    ),
    traces=leave_traces,
)
