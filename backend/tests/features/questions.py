"""Questions and answers, as the tests that hold for all features see them."""

from app.db.models.question_shapes import QuestionStatus
from tests.factories.cleanings import make_cleaning
from tests.factories.questions import make_answer, make_question
from tests.factories.users import Actor, Market
from tests.features import Damage, Feature, Stateful
from tests.stories import GROUNDS, numbers

ASKED = "stranger ask_question"
ANSWERED = f"{ASKED}, owner answer_question"
CLOSED = "owner cancel_cleaning"
FIRST = "01900000-0000-7000-8000-000000000002"
POPULAR = f"/cleanings/{FIRST}"
"""A job in a large market, with thousands of questions, the first of which has its id."""
GIVING_GROUNDS = ("hide_question", "show_question", "hide_answer", "show_answer")
OF_ANSWERS = ("read_answer", "edit_answer", "delete_answer", "list_answer_versions")


async def leave_traces(market: Market, actor: Actor, other: Actor) -> list[str]:
    """Asks and answers questions, edits them, and is asked by another user."""
    question = await make_question(market, asker=actor, text="Canary question of before")
    await actor.patch(question.path, {"text": "Canary question"})
    asked = await make_question(
        market, await make_cleaning(market, actor, name="Canary stairs"), other
    )
    answer = await make_answer(market, asked, actor, "Canary answer of before")
    await actor.patch(answer.path, {"text": "Canary answer"})
    return [
        *(f"{it.topic.path}/questions" for it in (question, asked)),
        *(f"{it.path}/versions" for it in (question, answer)),
    ]


def damages(prefix: str, asked: str, answered: str, edited: str) -> dict[str, Damage]:
    """What breaks the promises about the questions about one kind of thing.

    Args:
        prefix: The prefix of the subjects of their events, and of the names of the checks.
        asked: The story of a question.
        answered: The story of an answer.
        edited: The story of an edited question.
    """
    names = {"[table]": f"{prefix or 'cleaning_'}post", "[prefix]": prefix}

    def sql(statements: str) -> str:
        for name, value in names.items():
            statements = statements.replace(name, value)
        return statements

    of_others = """
        UPDATE [table]s SET author_id = '$owner_id';
        UPDATE events SET actor_id = '$owner_id' WHERE subject = '[prefix]question'
    """
    of_strangers = """
        UPDATE [table]s SET author_id = '$cleaner_id' WHERE question_id IS NOT NULL;
        UPDATE events SET actor_id = '$cleaner_id' WHERE subject = '[prefix]answer'
    """
    untold = "DELETE FROM events WHERE subject = '[prefix]question' AND kind = 'edited'"
    return {
        f"{prefix}questions_of_others": Damage(asked, sql(of_others)),
        f"{prefix}answers_of_sides": Damage(answered, sql(of_strangers)),
        f"{prefix}answers_counted": Damage(answered, sql("UPDATE [table]s SET answers = 0")),
        f"{prefix}question_versions": Damage(edited, sql("DELETE FROM [table]_versions")),
        f"events_of_{prefix}questions": Damage(edited, sql(untold), frozenset({"stream_events"})),
    }


FEATURE = Feature(
    access="""
                          anonymous  stranger  owner  cleaner  staff  superuser  blocked  program
ask_question                    401       201    409      201    201        201      401      403
list_questions                  401       200    200      200    200        200      401      403
read_question                   401       200    200      200    200        200      401      403
edit_question                   401       200    403      403    403        403      401      403
delete_question                 401       204    403      403    403        403      401      403
list_question_versions          401       200    200      200    200        200      401      403
answer_question                 401       201    201      403    403        403      401      403
read_answer                     401       200    200      200    200        200      401      403
edit_answer                     401       403    200      403    403        403      401      403
delete_answer                   401       403    204      403    403        403      401      403
list_answer_versions            401       200    200      200    200        200      401      403
review_question                 401       403    403      403    200        200      401      403
review_answer                   401       403    403      403    200        200      401      403
hide_question                   401       403    403      403    204        204      401      403
show_question                   401       403    403      403    204        204      401      403
hide_answer                     401       403    403      403    204        204      401      403
show_answer                     401       403    403      403    204        204      401      403
""",
    scopes={
        "read:questions": {
            *("list_questions", "list_package_questions"),
            *("read_question", "read_package_question", "read_answer", "read_package_answer"),
            *("list_question_versions", "list_package_question_versions"),
            *("list_answer_versions", "list_package_answer_versions"),
        },
        "write:questions": {
            *("ask_question", "ask_package_question"),
            *("answer_question", "answer_package_question"),
            *("edit_question", "edit_package_question", "edit_answer", "edit_package_answer"),
            *("delete_question", "delete_package_question"),
            *("delete_answer", "delete_package_answer"),
        },
    },
    writable="""
ask_question     text
edit_question    text
answer_question  text
edit_answer      text
hide_question    reason rule
show_question    reason
hide_answer      reason rule
show_answer      reason
""",
    stories={
        **dict.fromkeys(
            (
                *("read_question", "edit_question", "delete_question", "answer_question"),
                *("list_question_versions", "review_question", "hide_question", "show_question"),
            ),
            ASKED,
        ),
        **dict.fromkeys((*OF_ANSWERS, "review_answer", "hide_answer", "show_answer"), ANSWERED),
    },
    bodies={
        "ask_question": lambda _: {"text": "Is there a lift?"},
        "answer_question": lambda _: {"text": "Yes, a small one."},
        "edit_question": lambda _: {"text": f"Is it on floor {next(numbers)}?"},
        "edit_answer": lambda _: {"text": f"Yes, with {next(numbers)} seats."},
        **dict.fromkeys(GIVING_GROUNDS, lambda _: GROUNDS),
    },
    waiting=(
        *("ask_question", "answer_question"),
        *("edit_question", "delete_question", "edit_answer", "delete_answer"),
    ),
    learned={"ask_question": ("question_id", "id"), "answer_question": ("answer_id", "id")},
    states={
        "question": Stateful(
            path=lambda scene: f"{scene.job.path}/questions/{scene.known['question_id']}",
            statuses=QuestionStatus,
            stories={
                "asked": ASKED,
                "asked-closed": f"{ASKED}, {CLOSED}",
                "answered": ANSWERED,
                "answered-deleted": f"{ANSWERED}, stranger delete_question",
                "deleted": f"{ASKED}, stranger delete_question",
            },
        ),
        # An answer has no states: what becomes of its question is told.
        "answer": Stateful(
            path=lambda scene: f"{scene.job.path}/questions/{scene.known['question_id']}",
            statuses=QuestionStatus,
            stories={
                "answered": ANSWERED,
                "answered-closed": f"{ANSWERED}, {CLOSED}",
                "answered-deleted": f"{ANSWERED}, stranger delete_question",
                "asked": f"{ANSWERED}, owner delete_answer",
            },
        ),
    },
    answers="""
ask_question     owner            cleaner           rival             stranger          anonymous
open             question_to_self >open             >open             >open             401
open-again       question_to_self >open             >open             >open             401
booked           question_to_self cleaning_not_open cleaning_not_open cleaning_not_open 401
booked-started   question_to_self cleaning_not_open cleaning_not_open cleaning_not_open 401
completed        question_to_self cleaning_not_open cleaning_not_open cleaning_not_open 401
cancelled        question_to_self cleaning_not_open cleaning_not_open cleaning_not_open 401
expired          question_to_self cleaning_expired  cleaning_expired  cleaning_expired  401
expired-unnoted  question_to_self cleaning_expired  cleaning_expired  cleaning_expired  401
expired-missed   question_to_self cleaning_expired  cleaning_expired  cleaning_expired  401
deleted          404              404               404               404               401

edit_question    owner            cleaner           rival             stranger          anonymous
asked            not_author       not_author        not_author        >asked            401
asked-closed     not_author       not_author        not_author        >asked            401
answered         not_author       not_author        not_author        >answered         401
answered-deleted question_deleted question_deleted  question_deleted  question_deleted  401
deleted          404              404               404               404               401

delete_question  owner            cleaner           rival             stranger          anonymous
asked            not_author       not_author        not_author        >deleted          401
asked-closed     not_author       not_author        not_author        >deleted          401
answered         not_author       not_author        not_author        >answered         401
answered-deleted question_deleted question_deleted  question_deleted  question_deleted  401
deleted          404              404               404               404               401

answer_question  owner            cleaner           rival             stranger          anonymous
asked            >answered        not_asker         not_asker         >answered         401
asked-closed     >answered        not_asker         not_asker         >answered         401
answered         >answered        not_asker         not_asker         >answered         401
answered-deleted question_deleted question_deleted  question_deleted  question_deleted  401
deleted          404              404               404               404               401

edit_answer      owner            cleaner           rival             stranger          anonymous
answered         >answered        not_author        not_author        not_author        401
answered-closed  >answered        not_author        not_author        not_author        401
answered-deleted >answered        not_author        not_author        not_author        401
asked            404              404               404               404               401

delete_answer    owner            cleaner           rival             stranger          anonymous
answered         >asked           not_author        not_author        not_author        401
answered-closed  >asked           not_author        not_author        not_author        401
answered-deleted >deleted         not_author        not_author        not_author        401
asked            404              404               404               404               401
""",
    conditional=("ask_question", "edit_question", "answer_question", "edit_answer"),  # contacts
    changes={
        "edit_question": ("stranger", ASKED),
        "delete_question": ("stranger", ASKED),
        "edit_answer": ("owner", ANSWERED),
        "delete_answer": ("owner", ANSWERED),
    },
    load="""
INSERT INTO cleaning_posts (cleaning_id, id, question_id, author_id, text, revision, answers,
    created_at, updated_at, version)
SELECT id, id, NULL, cleaner_id, 'Is there a lift?', 2, 1, now(), now(), 1 FROM jobs
    WHERE n % 3 = 2
UNION ALL
SELECT id, pg_temp.id_of(100000 + n), id, owner_id, 'Yes', 1, 0, now(), now(), 1 FROM jobs
    WHERE n % 3 = 2;

INSERT INTO cleaning_posts (cleaning_id, id, author_id, text, revision, answers, created_at,
    updated_at, version)
SELECT id, pg_temp.id_of(200000 + number), cleaner_id, 'And ' || number || '?', 1, 0, now(), now(),
    1
FROM jobs, generate_series(1, 3000) number WHERE n = 2;

INSERT INTO cleaning_post_versions (cleaning_id, post_id, number, author_id, text, written_at)
SELECT id, id, number, cleaner_id, 'Is there a lift, or ' || number || '?', now()
FROM jobs, generate_series(1, CASE n WHEN 2 THEN 3000 ELSE 1 END) number
WHERE n % 3 = 2;
""",
    lists=(f"{POPULAR}/questions", f"{POPULAR}/questions/{FIRST}/versions"),
    damages=damages("", ASKED, ANSWERED, f"{ASKED}, stranger edit_question"),
    leftovers=(
        (
            f"{ASKED}, stranger delete_user",
            "UPDATE cleaning_posts SET text = 'From Anna'",
        ),
        (
            f"{ASKED}, stranger delete_user",
            """
        INSERT INTO cleaning_post_versions
            (cleaning_id, post_id, number, author_id, text, written_at)
        SELECT cleaning_id, id, 1, author_id, 'From Anna', now() FROM cleaning_posts
        """,
        ),
    ),
    distributed=("cleaning_posts", "cleaning_post_versions"),
    traces=leave_traces,
)
