"""What must hold of the data after anything whatever has happened."""

from fastapi import FastAPI

from app.db.models.evaluations import STARS

COUNTED = ", ".join(
    "ARRAY[{}]".format(
        ", ".join(
            f"count(*) FILTER (WHERE {name} = {star} AND hidden_at IS NULL)::int"
            for star in range(1, 6)
        )
    )
    for name in STARS
)

VIOLATIONS = {
    "a job has two scheduled bookings": """
        SELECT cleaning_id FROM bookings WHERE status = 'scheduled'
        GROUP BY cleaning_id HAVING count(*) > 1
    """,
    "a job is booked without a scheduled booking, or the other way round": """
        SELECT id FROM cleanings
        WHERE (status = 'booked') <> (id IN (
            SELECT cleaning_id FROM bookings WHERE status = 'scheduled'
        ))
    """,
    "an offer is accepted without a booking that is scheduled or completed, or vice versa": """
        SELECT cleaning_id, id FROM offers
        WHERE (status = 'accepted') <> ((cleaning_id, id) IN (
            SELECT cleaning_id, offer_id FROM bookings WHERE status IN ('scheduled', 'completed')
        ))
    """,
    "an offer is pending though its job has ended or is booked": """
        SELECT offers.id FROM offers JOIN cleanings ON cleanings.id = cleaning_id
        WHERE offers.status = 'pending'
        AND (cleanings.status <> 'open' OR cleanings.deleted_at IS NOT NULL)
    """,
    "a deleted account has something under way": """
        SELECT users.id FROM users WHERE deleted_at IS NOT NULL AND (
            id IN (SELECT owner_id FROM cleanings WHERE status IN ('open', 'booked'))
            OR id IN (SELECT cleaner_id FROM offers WHERE status IN ('pending'))
            OR id IN (SELECT cleaner_id FROM bookings WHERE status = 'scheduled')
        )
    """,
    "a rating differs from a count of the evaluations that are not hidden": f"""
        SELECT user_id, role, total, no_shows, round(average::numeric, 9), {", ".join(STARS)}
        FROM ratings
        EXCEPT
        SELECT subject_id, role, count(*) FILTER (WHERE hidden_at IS NULL),
            count(*) FILTER (WHERE no_show AND hidden_at IS NULL),
            round(avg(overall_rating) FILTER (WHERE hidden_at IS NULL), 9), {COUNTED}
        FROM evaluations GROUP BY subject_id, role
    """,  # noqa: S608 (all parts are our own)
    "somebody was evaluated and has no rating": """
        SELECT subject_id, role FROM evaluations EXCEPT SELECT user_id, role FROM ratings
    """,
}


async def assert_invariants(app: FastAPI) -> None:
    """Looks for rows that break a rule of the marketplace."""
    for violation, query in VIOLATIONS.items():
        assert await app.state.database.fetch(query, ()) == [], violation
