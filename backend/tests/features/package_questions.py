"""Questions about packages and their answers, as the tests that hold for all features see them."""

from app.db.models.question_shapes import QuestionStatus
from tests.factories.packages import make_package
from tests.factories.questions import make_answer, make_question
from tests.factories.users import Actor, Market
from tests.features import Feature, Stateful
from tests.features.packages import PUBLISHED
from tests.features.questions import damages
from tests.stories import GROUNDS, numbers

ASKED = f"{PUBLISHED}, stranger ask_package_question"
ANSWERED = f"{ASKED}, owner answer_package_question"
PAUSED = "owner pause_package"
QUESTION = "/packages/{package_id}/questions/{question_id}"
FIRST = "01900000-0000-7000-8000-000000000004"
"""A published package in a large market, with thousands of questions; the first has its id."""


async def leave_traces(market: Market, actor: Actor, other: Actor) -> list[str]:
    """Asks a question, is asked another, answers it, and edits all of it."""
    asked = await make_package(market, other, name="Canary stove")
    own = await make_package(market, actor, name="Canary chimney")
    question = await make_question(market, asked, actor, "Canary question of old")
    await actor.patch(question.path, {"text": "Canary question of now"})
    answered = await make_question(market, own, other)
    answer = await make_answer(market, answered, actor, "Canary answer of old")
    await actor.patch(answer.path, {"text": "Canary answer of now"})
    return [
        *(f"{it.topic.path}/questions" for it in (question, answered)),
        *(f"{it.path}/versions" for it in (question, answer)),
    ]


FEATURE = Feature(
    access="""
                               anonymous stranger owner cleaner staff superuser blocked program
ask_package_question                 401      201   409     201   201       201     401     403
list_package_questions               401      200   200     200   200       200     401     403
read_package_question                401      200   200     200   200       200     401     403
edit_package_question                401      200   403     403   403       403     401     403
delete_package_question              401      204   403     403   403       403     401     403
list_package_question_versions       401      200   200     200   200       200     401     403
answer_package_question              401      201   201     403   403       403     401     403
read_package_answer                  401      200   200     200   200       200     401     403
edit_package_answer                  401      403   200     403   403       403     401     403
delete_package_answer                401      403   204     403   403       403     401     403
list_package_answer_versions         401      200   200     200   200       200     401     403
review_package_question              401      403   403     403   200       200     401     403
review_package_answer                401      403   403     403   200       200     401     403
hide_package_question                401      403   403     403   204       204     401     403
show_package_question                401      403   403     403   204       204     401     403
hide_package_answer                  401      403   403     403   204       204     401     403
show_package_answer                  401      403   403     403   204       204     401     403
""",
    writable="""
ask_package_question     text
edit_package_question    text
answer_package_question  text
edit_package_answer      text
hide_package_question    reason rule
show_package_question    reason
hide_package_answer      reason rule
show_package_answer      reason
""",
    stories={
        **dict.fromkeys(("ask_package_question", "list_package_questions"), PUBLISHED),
        **dict.fromkeys(
            (
                *("read_package_question", "edit_package_question", "delete_package_question"),
                *("answer_package_question", "list_package_question_versions"),
                *("review_package_question", "hide_package_question", "show_package_question"),
            ),
            ASKED,
        ),
        **dict.fromkeys(
            (
                *("read_package_answer", "edit_package_answer", "delete_package_answer"),
                *("list_package_answer_versions", "review_package_answer"),
                *("hide_package_answer", "show_package_answer"),
            ),
            ANSWERED,
        ),
    },
    bodies={
        "ask_package_question": lambda _: {"text": "Are frames included?"},
        "answer_package_question": lambda _: {"text": "Yes, all of them."},
        "edit_package_question": lambda _: {"text": f"Are {next(numbers)} frames included?"},
        "edit_package_answer": lambda _: {"text": f"Yes, up to {next(numbers)}."},
        **dict.fromkeys(
            (
                *("hide_package_question", "show_package_question"),
                *("hide_package_answer", "show_package_answer"),
            ),
            lambda _: GROUNDS,
        ),
    },
    waiting=(
        *("ask_package_question", "answer_package_question"),
        *(
            "edit_package_question",
            "delete_package_question",
            "edit_package_answer",
            "delete_package_answer",
        ),
    ),
    learned={
        "ask_package_question": ("question_id", "id"),
        "answer_package_question": ("answer_id", "id"),
    },
    states={
        "package_question": Stateful(
            path=lambda scene: QUESTION.format_map(scene.known),
            statuses=QuestionStatus,
            stories={
                "asked": ASKED,
                "asked-paused": f"{ASKED}, {PAUSED}",
                "answered": ANSWERED,
                "answered-deleted": f"{ANSWERED}, stranger delete_package_question",
                "deleted": f"{ASKED}, stranger delete_package_question",
            },
            place=QUESTION,
        ),
        # An answer has no states: what becomes of its question is told.
        "package_answer": Stateful(
            path=lambda scene: QUESTION.format_map(scene.known),
            statuses=QuestionStatus,
            stories={
                "answered": ANSWERED,
                "answered-paused": f"{ANSWERED}, {PAUSED}",
                "asked": f"{ANSWERED}, owner delete_package_answer",
            },
            place=f"{QUESTION}/answers/{{answer_id}}",
        ),
    },
    answers="""
ask_package_question     owner             cleaner           rival             stranger    anonymous
draft                    question_to_self  404               404               404         401
published                question_to_self  >published        >published        >published  401
paused                   question_to_self  404               404               404         401
archived                 question_to_self  404               404               404         401

edit_package_question    owner             cleaner           rival             stranger    anonymous
asked                    not_author        not_author        not_author        >asked      401
asked-paused             not_author        404               404               404         401
answered                 not_author        not_author        not_author        >answered   401
answered-deleted  question_deleted  question_deleted  question_deleted  question_deleted   401
deleted                  404               404               404               404         401

delete_package_question  owner             cleaner           rival             stranger    anonymous
asked                    not_author        not_author        not_author        >deleted    401
asked-paused             not_author        404               404               404         401
answered                 not_author        not_author        not_author        >answered   401
answered-deleted  question_deleted  question_deleted  question_deleted  question_deleted   401
deleted                  404               404               404               404         401

answer_package_question  owner             cleaner           rival             stranger    anonymous
asked                    >answered         not_asker         not_asker         >answered   401
asked-paused             >answered         404               404               404         401
answered                 >answered         not_asker         not_asker         >answered   401
answered-deleted  question_deleted  question_deleted  question_deleted  question_deleted   401
deleted                  404               404               404               404         401

edit_package_answer      owner             cleaner           rival             stranger    anonymous
answered                 >answered         not_author        not_author        not_author  401
answered-paused          >answered         404               404               404         401
asked                    404               404               404               404         401

delete_package_answer    owner             cleaner           rival             stranger    anonymous
answered                 >asked            not_author        not_author        not_author  401
answered-paused          >asked            404               404               404         401
asked                    404               404               404               404         401
""",
    conditional=(  # contacts
        *("ask_package_question", "edit_package_question"),
        *("answer_package_question", "edit_package_answer"),
    ),
    changes={
        "edit_package_question": ("stranger", ASKED),
        "delete_package_question": ("stranger", ASKED),
        "edit_package_answer": ("owner", ANSWERED),
        "delete_package_answer": ("owner", ANSWERED),
    },
    load="""
INSERT INTO package_posts (package_id, id, question_id, author_id, text, revision, answers,
    created_at, updated_at, version)
SELECT id, id, NULL, owner_id, 'Are frames included?', 2, 1, now(), now(), 1 FROM jobs
    WHERE n % 3 = 1
UNION ALL
SELECT id, pg_temp.id_of(100000 + n), id, cleaner_id, 'Yes', 1, 0, now(), now(), 1 FROM jobs
    WHERE n % 3 = 1;

INSERT INTO package_posts (package_id, id, author_id, text, revision, answers, created_at,
    updated_at, version)
SELECT id, pg_temp.id_of(200000 + number), owner_id, 'And ' || number || '?', 1, 0, now(), now(), 1
FROM jobs, generate_series(1, 3000) number WHERE n = 4;

INSERT INTO package_post_versions (package_id, post_id, number, author_id, text, written_at)
SELECT id, id, number, owner_id, 'Are ' || number || ' included?', now()
FROM jobs, generate_series(1, CASE n WHEN 4 THEN 3000 ELSE 1 END) number
WHERE n % 3 = 1;
""",
    lists=(
        f"/packages/{FIRST}/questions",
        f"/packages/{FIRST}/questions/{FIRST}/versions",
    ),
    damages=damages("package_", ASKED, ANSWERED, f"{ASKED}, stranger edit_package_question"),
    leftovers=(
        (f"{ASKED}, stranger delete_user", "UPDATE package_posts SET text = 'From Anna'"),
        (
            f"{ASKED}, stranger delete_user",
            """
        INSERT INTO package_post_versions
            (package_id, post_id, number, author_id, text, written_at)
        SELECT package_id, id, 1, author_id, 'From Anna', now() FROM package_posts
        """,
        ),
    ),
    traces=leave_traces,
)
