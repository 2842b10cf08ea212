"""Decisions about reports, as the tests that hold for all features see them."""

from uuid import UUID

from app.db.models.fields import new_id
from tests.factories.cleanings import make_cleaning
from tests.factories.reports import BROKEN, make_report
from tests.factories.users import Actor, Market
from tests.features import Damage, Feature
from tests.features.reports import DECIDED, MADE

APPEALED = f"{DECIDED}, owner appeal"


async def leave_traces(market: Market, actor: Actor, other: Actor) -> list[str]:
    """Is warned twice, and appeals once.

    They are not made by calls: the audit would have the network of staff about the person.
    """
    paths = []
    for name in ("one", "two"):
        job = await make_cleaning(market, actor, name=f"Canary stairs of decision {name}")
        report = await make_report(market, job.path, actor, other)
        decision_id = new_id()
        fetch, report_id = market.app.state.database.fetch, UUID(report.data["id"])
        await fetch(DECISION, [report_id, decision_id, other.id])
        await fetch(ENDED, [report_id])
        path = f"/decisions/{decision_id}"
        paths += [path, report.path]
    await actor.post(f"{path}/appeal", {"words": "Canary appeal"})
    return [*paths, "/decisions"]


DECISION = """
    INSERT INTO decisions (id, report_id, number, staff_id, author_id, measure, rule, law, facts,
        made_at)
    SELECT $2, id, 1, $3, author_id, 'warn', 'illegal', 'Canary law', 'Canary facts',
        now() - interval '77 s'
    FROM reports WHERE id = $1
"""
ENDED = """
    UPDATE reports SET status = 'decided', decisions = 1, decided_at = now() - interval '66 s'
    WHERE id = $1
"""


FEATURE = Feature(
    access="""
                          anonymous  stranger  owner  cleaner  staff  superuser  blocked  program
list_decisions                  401       200    200      200    200        200      401      403
read_decision                   401       200    200      404    404        404      401      403
appeal                          401       403    200      404    404        404      401      403
decide_report                   401       403    403      403    200        200      401      403
""",
    writable="""
appeal         words
decide_report  measure rule law facts
""",
    stories={
        **dict.fromkeys(("read_decision", "appeal"), DECIDED),
        "decide_report": MADE,
    },
    bodies={
        "appeal": lambda _: {"words": "The text is about a deposit that the law allows."},
        "decide_report": lambda _: {"measure": "warn", **BROKEN},
    },
    learned={"decide_report": ("decision_id", "id")},
    conditional=("decide_report",),  # a measure needs a rule
    load="""
INSERT INTO decisions (id, report_id, number, staff_id, author_id, measure, rule, facts, made_at)
SELECT id, id, 1, id_of_staff, author_id, 'warn', 'spam', 'Spam', now()
FROM reports, (SELECT id AS id_of_staff FROM users WHERE username = 'user1') staff
WHERE status = 'decided';

INSERT INTO appeals (decision_id, user_id, words, made_at)
SELECT id, author_id, 'No', now() FROM decisions;
""",
    lists=("/decisions",),
    damages={
        "decisions_about_authors": Damage(
            DECIDED, "UPDATE decisions SET author_id = '$cleaner_id'"
        ),
        "decisions_appealed": Damage(DECIDED, "UPDATE decisions SET number = 2"),
        "appeals_of_sides": Damage(APPEALED, "UPDATE appeals SET user_id = '$cleaner_id'"),
    },
    leftovers=(
        (f"{DECIDED}, owner delete_user", "UPDATE decisions SET facts = 'Anna wrote it'"),
        (f"{APPEALED}, owner delete_user", "UPDATE appeals SET words = 'From Anna'"),
    ),
    traces=leave_traces,
)
