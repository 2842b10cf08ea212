# ruff: noqa: S608 (statements of constant parts)
"""Questions of the reference."""

from typing import Annotated, Any

from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from uuid_utils import uuid7

from app.core.contacts import contact_details
from benchmarks.reference import write_statements
from benchmarks.reference.basics import bearer, database_of, id_in, item_answer
from benchmarks.reference.fragments import LIVE, SHARED
from benchmarks.reference.logins import MOST_TRIES, WINDOW, disguised
from benchmarks.reference.read_statements import ENTRUSTED, ONE, PERSON
from benchmarks.reference.writes import body, demand, demand_free, now, record, text

REGION = "DE"

ADD_QUESTION = """
INSERT INTO cleaning_posts (cleaning_id, id, author_id, text, revision, answers, created_at,
    updated_at, version)
VALUES ($1, $2, $3, $4, 1, 0, $5, $5, 1)"""

ANSWERS = f"""CASE WHEN q.answers > 0 THEN (
        SELECT json_agg(json_build_object('id', w.id, 'question_id', w.question_id, 'author',
            {PERSON.format("u")}, 'text', w.text, 'hidden', w.hidden_at IS NOT NULL,
            'created_at', w.created_at, 'edited_at', w.edited_at) ORDER BY w.id)
        FROM cleaning_posts w JOIN users u ON u.id = w.author_id
        JOIN profiles up ON up.user_id = u.id
        WHERE w.cleaning_id = q.cleaning_id AND w.question_id = q.id AND w.deleted_at IS NULL
            AND w.text IS NOT NULL
            AND (w.author_id = $2 OR w.hidden_at IS NULL AND u.blocked_at IS NULL)
    ) END"""

KEPT = "q.deleted_at IS NULL AND q.text IS NOT NULL"

QUESTION_JSON = f"""json_build_object('id', q.id,
    'author', CASE WHEN {KEPT} THEN {PERSON.format("a")} END,
    'text', CASE WHEN {KEPT} THEN q.text END,
    'status', CASE WHEN q.answers > 0 THEN 'answered' ELSE 'asked' END,
    'deleted', NOT ({KEPT}), 'hidden', q.hidden_at IS NOT NULL,
    'created_at', q.created_at, 'edited_at', q.edited_at,
    'answers', coalesce({ANSWERS}, '[]'))"""

SEEN = f"""FROM cleaning_posts q JOIN users a ON a.id = q.author_id
    JOIN profiles ap ON ap.user_id = a.id JOIN cleanings c ON c.id = q.cleaning_id
    JOIN users o ON o.id = c.owner_id
    WHERE q.cleaning_id = $3 AND q.question_id IS NULL AND (q.answers > 0 OR {KEPT})
        AND (q.author_id = $2 OR q.hidden_at IS NULL AND a.blocked_at IS NULL)
        AND c.deleted_at IS NULL AND o.blocked_at IS NULL AND {SHARED}
        AND (c.hidden_at IS NULL OR {ENTRUSTED})"""

QUESTION = ONE.format(
    live=LIVE, item=f"SELECT {QUESTION_JSON}::text AS item, q.version {SEEN} AND q.id = $4"
)


class QuestionDraft(BaseModel, extra="forbid"):
    """A new question."""

    text: Annotated[str, text(2000)]


async def ask_question(request: Request) -> Response:
    """Asks a question about a job."""
    caller, cleaning_id = bearer(request), id_in(request, "cleaning_id")
    draft = await body(request, QuestionDraft)
    if contact_details(draft.text, REGION):
        raise HTTPException(422)
    question_id, keys = str(uuid7()), [disguised(f"questions {caller.user_id}")]

    async def work(connection: Any) -> Response:
        counted = await connection.fetchrow(write_statements.COUNT_TRIES, keys, [WINDOW], 1)
        if counted["count"] > MOST_TRIES:
            raise HTTPException(429)
        await demand(connection, caller)
        job = await connection.fetchrow(
            write_statements.LOCK_VISIBLE_JOB, cleaning_id, caller.user_id
        )
        if job is None:
            raise HTTPException(404)
        if job["owner_id"] == caller.user_id or job["status"] != "open":
            raise HTTPException(409)
        await demand_free(connection, caller.user_id, job["owner_id"])
        await connection.execute(
            ADD_QUESTION, cleaning_id, question_id, caller.user_id, draft.text, now()
        )
        await record(connection, caller.user_id, "question", question_id, "created", cleaning_id)
        row = await connection.fetchrow(QUESTION, *caller, cleaning_id, question_id)
        path = f"/api/v1/cleanings/{cleaning_id}/questions/{question_id}"
        return item_answer(request, row, path)

    return await database_of(request).write(work)
