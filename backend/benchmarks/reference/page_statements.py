# ruff: noqa: S608 (statements of constant parts)
"""The reference's statements for pages: those of its API, as visitors get them, and some more."""

import re
from functools import cache

from benchmarks.reference.fragments import LIVE
from benchmarks.reference.questions import QUESTION_JSON, SEEN
from benchmarks.reference.read_statements import page

SESSIONS = "FROM sessions s JOIN users u ON u.id = s.user_id"
MOST_QUESTIONS = 20
MOST_COUNTED = 100
OF_PROFILES = re.compile(r"\b(\w*p)\.(full_name|bio|image|picture)\b")

SESSION_OF_COOKIE = f"""
SELECT s.id::text, s.user_id::text {SESSIONS} WHERE s.cookie_hash = $1 AND s.expires_at > now()
    AND u.blocked_at IS NULL AND u.inactive_at IS NULL AND u.deleted_at IS NULL"""

VIEWER = f"""
SELECT json_build_object('id', u.id, 'username', u.username, 'full_name', p.full_name,
    'picture', p.picture, 'role', u.role, 'language', u.language,
    'is_recent', s.authenticated_at > $3, 'second_factor', s.second_factor,
    'unread', coalesce(b.unread, 0),
    'news', concat(coalesce(b.read_mark, 0), ' ', coalesce(b.unread, 0), ' ', m.unread),
    'unread_threads', m.threads, 'blocked_ids',
    ARRAY(SELECT blocked_id FROM blocks WHERE blocker_id = u.id))::text AS item
{SESSIONS} JOIN profiles p ON p.user_id = u.id CROSS JOIN LATERAL (
    SELECT count(*) AS threads, coalesce(sum(unread), 0) AS unread FROM (
        (SELECT t.owner_unread AS unread FROM threads t
            WHERE t.owner_id = u.id AND LEAST(t.owner_unread, 1) = 1 LIMIT {MOST_COUNTED})
        UNION ALL
        (SELECT t.cleaner_unread FROM threads t
            WHERE t.cleaner_id = u.id AND LEAST(t.cleaner_unread, 1) = 1 LIMIT {MOST_COUNTED})
    ) AS counted) m
LEFT JOIN notification_boxes b ON b.user_id = u.id WHERE {LIVE}"""

CATEGORIES = """
SELECT c.slug, c.tier, p.slug AS parent, coalesce(c.names ->> 'en', c.name) AS name
FROM categories c LEFT JOIN categories p ON p.id = c.parent_id
WHERE c.active ORDER BY coalesce(p.position, c.position), c.tier, c.position"""

QUESTIONS = page(
    f"SELECT {QUESTION_JSON}::text AS item, q.id AS key {SEEN} ORDER BY q.id", MOST_QUESTIONS
)


@cache
def for_visitors(statement: str) -> str:
    """A statement that reads, for callers without a session, to whom few profiles are open."""
    checked, _, _ = statement.rpartition("WHERE")
    return OF_PROFILES.sub(
        r"CASE WHEN \1.is_public THEN \1.\2 END",
        checked.replace(SESSIONS, "FROM (SELECT $1::uuid, $2::uuid) visitor"),
    )
