# ruff: noqa: S608 (statements of constant parts)
"""The reference's statements that read. Each checks the caller's session as well."""

from collections.abc import Sequence

from benchmarks.reference.fragments import FOUND, IN_TIME, LIVE, SHARED, STATUS

PENDING_EMAIL = """(
        SELECT email FROM links l WHERE l.user_id = u.id AND l.purpose = 'change_email'
            AND l.expires_at > now() AND EXISTS (
                SELECT FROM sessions WHERE id = l.session_id AND expires_at > now()
            )
        ORDER BY l.id DESC LIMIT 1
    )"""

ME = f"""
SELECT json_build_object('id', u.id, 'email', u.email, 'username', u.username,
    'full_name', p.full_name, 'language', u.language, 'pending_email', {PENDING_EMAIL},
    'email_verified', u.email_verified_at IS NOT NULL,
    'email_refused', EXISTS (SELECT FROM suppressions WHERE user_id = u.id),
    'created_at', u.created_at, 'updated_at', u.updated_at)::text AS item, u.version
FROM sessions s JOIN users u ON u.id = s.user_id JOIN profiles p ON p.user_id = u.id
WHERE {LIVE}"""

RATED = """json_build_object('id', o.id, 'full_name', p.full_name, 'bio', p.bio, 'image', p.image,
    'username', o.username, 'picture', p.picture, 'rating', json_build_object(
    'average', round(r.average::numeric, 2)::float8, 'total', coalesce(r.total, 0)))"""

PHOTO = "CASE WHEN c.hidden_at IS NULL THEN c.photos -> 0 END"

ENTRUSTED = """c.owner_id = $2 OR c.status = 'booked' AND EXISTS (
        SELECT FROM bookings WHERE cleaning_id = c.id AND status = 'scheduled' AND cleaner_id = $2
    )"""

BOOKING_ID = """CASE WHEN c.status IN ('booked', 'completed') THEN (
        SELECT id FROM bookings WHERE cleaning_id = c.id AND status IN ('scheduled', 'completed')
            AND $2 IN (owner_id, cleaner_id)
    ) END"""

SUMMARY = f"""CASE WHEN (SELECT blocked_at FROM users WHERE id = c.owner_id) IS NULL
        AND (c.hidden_at IS NULL OR {ENTRUSTED})
    THEN json_build_object('name', c.name, 'starts_at', c.starts_at, 'status', {STATUS}) END"""

EVALUATED = """CASE WHEN b.status IN ('completed', 'no_show') THEN (
        SELECT id FROM evaluations
        WHERE cleaning_id = b.cleaning_id AND booking_id = b.id AND role = '{}'
    ) IS NOT NULL ELSE false END"""

SIDES_EVALUATED = f"""'owner_evaluated', {EVALUATED.format("cleaner")},
    'cleaner_evaluated', {EVALUATED.format("owner")}"""

OFFER_BOOKING = f"""CASE WHEN f.status = 'accepted' THEN (
        SELECT json_build_object('id', b.id, 'status', b.status, {SIDES_EVALUATED})
        FROM bookings b WHERE b.cleaning_id = f.cleaning_id AND b.offer_id = f.id
            AND b.status IN ('scheduled', 'completed')
    ) END"""

JOB_FIELDS = f"""'id', c.id, 'name', c.name, 'description', c.description,
    'cleaning_type', c.cleaning_type, 'price', c.price::text, 'currency', c.currency,
    'starts_at', c.starts_at, 'duration', c.duration, 'area', c.area, 'language', c.language,
    'address', CASE WHEN {ENTRUSTED} THEN c.address END, 'category', c.category,
    'extras', c.extras, 'status', {STATUS}, 'booking_id', {BOOKING_ID},
    'cancellation_reason', c.cancellation_reason, 'photo', {PHOTO}, 'owner', {RATED},
    'created_at', c.created_at, 'updated_at', c.updated_at"""

OFFER_COUNT = """(SELECT count(*) FROM offers
    WHERE cleaning_id = c.id AND status IN ('pending', 'accepted') AND hidden_at IS NULL)"""

JOB = f"json_build_object({JOB_FIELDS}, 'offer_count', {OFFER_COUNT})"

OWNER = """JOIN users o ON o.id = c.owner_id JOIN profiles p ON p.user_id = o.id
    LEFT JOIN ratings r ON r.user_id = o.id AND r.role = 'owner'"""

OFFER_FIELDS = f"""'id', f.id, 'price', f.price::text, 'message', f.message,
    'cleaning_id', f.cleaning_id, 'currency', f.currency, 'status', f.status,
    'outdated', f.terms_revision < c.terms_revision, 'hidden', f.hidden_at IS NOT NULL,
    'cleaning', {SUMMARY}, 'booking', {OFFER_BOOKING}, 'cleaner', {RATED},
    'created_at', f.created_at, 'updated_at', f.updated_at"""

PACKAGE = f"""json_build_object('id', c.id, 'seller_id', c.seller_id, 'name', c.name,
    'description', c.description, 'price', c.price::text, 'currency', c.currency,
    'duration', c.duration, 'area', c.area, 'status', c.status, 'revision', c.revision,
    'category', c.category, 'language', c.language, 'stock', c.stock, 'photo', {PHOTO},
    'cleaner', {RATED},
    'created_at', c.created_at, 'updated_at', c.updated_at)"""

SELLER = """JOIN users o ON o.id = c.seller_id JOIN profiles p ON p.user_id = o.id
    LEFT JOIN ratings r ON r.user_id = o.id AND r.role = 'cleaner'"""

CLEANER = """JOIN users o ON o.id = f.cleaner_id JOIN profiles p ON p.user_id = o.id
    LEFT JOIN ratings r ON r.user_id = o.id AND r.role = 'cleaner'"""

ONE = """
SELECT it.item, it.version
FROM sessions s JOIN users u ON u.id = s.user_id LEFT JOIN LATERAL ({item}) it ON true
WHERE {live}"""

MY_OFFER = f"""(SELECT json_build_object({OFFER_FIELDS}) FROM offers f {CLEANER}
    WHERE f.cleaning_id = c.id AND f.cleaner_id = $2)"""

CLEANING = ONE.format(
    live=LIVE,
    item=f"""SELECT json_build_object({JOB_FIELDS}, 'offer_count', n.pending + n.accepted,
        'my_offer', {MY_OFFER}, 'offer_counts', CASE WHEN c.owner_id = $2 THEN row_to_json(n) END,
        'photos', CASE WHEN c.hidden_at IS NULL THEN c.photos ELSE '[]' END,
        'hidden', c.hidden_at IS NOT NULL, 'order_id', CASE WHEN c.ordered THEN c.id END,
        'revision', c.terms_revision
    )::text AS item, c.version
    FROM cleanings c {OWNER} CROSS JOIN LATERAL (
        SELECT count(*) FILTER (WHERE status = 'pending') AS pending,
            count(*) FILTER (WHERE status = 'accepted') AS accepted,
            count(*) FILTER (WHERE status = 'rejected') AS rejected,
            count(*) FILTER (WHERE status = 'withdrawn') AS withdrawn,
            count(*) FILTER (WHERE status = 'superseded') AS superseded
        FROM offers WHERE cleaning_id = c.id AND hidden_at IS NULL
    ) n
    WHERE c.id = $3 AND c.deleted_at IS NULL AND o.blocked_at IS NULL
        AND (c.hidden_at IS NULL OR {ENTRUSTED}) AND {SHARED}""",
)

OFFER = ONE.format(
    live=LIVE,
    item=f"""SELECT json_build_object({OFFER_FIELDS})::text AS item, f.version
    FROM offers f JOIN cleanings c ON c.id = f.cleaning_id {CLEANER}
    WHERE f.cleaning_id = $3 AND f.id = $4 AND c.deleted_at IS NULL
        AND (f.cleaner_id = $2 OR c.owner_id = $2 AND f.hidden_at IS NULL)""",
)

PERSON = """json_build_object('id', {0}.id, 'full_name', {0}p.full_name, 'bio', {0}p.bio,
    'image', {0}p.image, 'username', {0}.username, 'picture', {0}p.picture)"""

TERMS = """'{"category": null, "extras": []}'::jsonb || b.terms"""

BOOKING = ONE.format(
    live=LIVE,
    item=f"""SELECT json_build_object('id', b.id, 'cleaning_id', b.cleaning_id,
        'offer_id', b.offer_id, 'order_id', CASE WHEN c.ordered THEN c.id END,
        'status', b.status, 'price', b.price::text, 'currency', b.currency, 'terms', CASE
            WHEN b.owner_id = $2 OR b.status IN ('scheduled', 'completed') THEN {TERMS}
            ELSE {TERMS} || '{{"address": null}}' END, 'language', b.language,
        'checklist', b.checklist, 'cleaning', {SUMMARY}, {SIDES_EVALUATED},
        'owner', {PERSON.format("o")}, 'cleaner', {PERSON.format("w")},
        'cancelled_by', b.cancelled_by, 'cancellation_reason', b.cancellation_reason,
        'reported_at', b.reported_at, 'completes_at', b.completes_at, 'created_at', b.created_at,
        'ended_at', b.ended_at, 'updated_at', b.updated_at)::text AS item, b.version
    FROM bookings b JOIN users o ON o.id = b.owner_id JOIN profiles op ON op.user_id = o.id
    JOIN users w ON w.id = b.cleaner_id JOIN profiles wp ON wp.user_id = w.id
    JOIN cleanings c ON c.id = b.cleaning_id
    WHERE b.cleaning_id = $3 AND b.id = $4 AND $2 IN (b.owner_id, b.cleaner_id)""",
)

# A page is one row: the items, one more than returned, and the keys of the last one returned.
PAGE = """
SELECT it.items, it.keys
FROM sessions s JOIN users u ON u.id = s.user_id CROSS JOIN LATERAL (
    SELECT array_agg(item) AS items, (array_agg(key))[{limit}]::text AS keys
    FROM ({rows} LIMIT {limit} + 1) found
) it
WHERE {live}"""


def page(rows: str, limit: int) -> str:
    """A statement that reads a page.

    Args:
        rows: A SELECT of each `item` and its `key`, in order.
        limit: The size of the page.
    """
    return PAGE.format(rows=rows, limit=limit, live=LIVE)


def feed(limit: int, *, continued: bool) -> str:
    """Reads the feed."""
    return page(
        f"""SELECT json_build_object('id', e.id, 'kind', e.kind, 'cleaning', {JOB},
            'created_at', e.created_at)::text AS item, e.id AS key
        FROM events e JOIN cleanings c ON c.id = e.cleaning_id {OWNER}
        WHERE e.subject = 'cleaning' AND e.kind NOT IN ('hidden', 'shown')
            AND c.deleted_at IS NULL AND c.hidden_at IS NULL AND NOT c.ordered
            AND o.blocked_at IS NULL
            {"AND e.id < $3" if continued else ""}
        ORDER BY e.id DESC""",
        limit,
    )


def own_offers(limit: int, *, continued: bool) -> str:
    """Reads the caller's offers."""
    return page(
        f"""SELECT json_build_object({OFFER_FIELDS})::text AS item, f.id AS key
        FROM offers f JOIN cleanings c ON c.id = f.cleaning_id {CLEANER}
        WHERE f.cleaner_id = $2 AND c.deleted_at IS NULL {"AND f.id < $3" if continued else ""}
        ORDER BY f.id DESC""",
        limit,
    )


CONDITIONS = {
    "state": "c.status = ${}",
    "status": f"c.status = ${{}} AND ({IN_TIME})",
    "cleaning_type": "c.cleaning_type = ${}",
    "currency": "c.currency = ${}",
    "min_price": "c.price >= ${}",
    "max_price": "c.price <= ${}",
    "area": "c.area_key = ${}",
    "category": "c.category = b.slug",
    "after": "c.id < ${}",
    "moment": "c.id <= ${}",
    # Always true; its estimated cost makes PostgreSQL choose custom plans.
    "known": "(${} OR (SELECT count(*) > 0 FROM generate_series(1, 1000000000)))",
    "q": "(c.language = 'en' AND c.search @@ to_tsquery('english', ${0}) "
    "OR c.language = 'de' AND c.search @@ to_tsquery('german', ${0}))",
}


def conditions(names: Sequence[str]) -> str:
    """Conditions of these filters; their values are the arguments from the third on."""
    return "".join(
        f" AND {CONDITIONS[name].format(place)}" for place, name in enumerate(names, start=3)
    )


def browse(limit: int, names: Sequence[str]) -> str:
    """Reads jobs, newest first."""
    return page(
        f"""SELECT {JOB}::text AS item, c.id AS key FROM cleanings c {OWNER}
        WHERE c.deleted_at IS NULL AND c.hidden_at IS NULL AND NOT c.ordered
            AND {FOUND}
            {conditions(names)}
        ORDER BY c.id DESC""",
        limit,
    )


def packages(limit: int, names: Sequence[str]) -> str:
    """Reads packages, newest first."""
    return page(
        f"""SELECT {PACKAGE}::text AS item, c.id AS key FROM packages c {SELLER}
        WHERE c.hidden_at IS NULL AND {FOUND} {conditions(names)}
        ORDER BY c.id DESC""",
        limit,
    )


def browse_within(limit: int, names: Sequence[str]) -> str:
    """Reads jobs in a category and all beneath it, newest first."""
    return page(
        f"""WITH RECURSIVE beneath (id, slug) AS (
            SELECT id, slug FROM categories WHERE slug = ${names.index("category") + 3}
            UNION ALL SELECT k.id, k.slug FROM categories k JOIN beneath b ON k.parent_id = b.id
        )
        SELECT {JOB}::text AS item, c.id AS key FROM (
            SELECT c.* FROM beneath b CROSS JOIN LATERAL (
                SELECT c.* FROM cleanings c JOIN users o ON o.id = c.owner_id
                WHERE c.deleted_at IS NULL AND c.hidden_at IS NULL AND NOT c.ordered
                    AND {FOUND}
                    {conditions(names)}
                ORDER BY c.id DESC LIMIT {limit} + 1
            ) c ORDER BY c.id DESC LIMIT {limit} + 1
        ) c {OWNER}
        ORDER BY c.id DESC""",
        limit,
    )


def search(limit: int, names: Sequence[str]) -> str:
    """Reads the best of the newest 200 matches of `q`."""
    q = f"${names.index('q') + 3}"
    words = (
        f"CASE c.language WHEN 'en' THEN to_tsquery('english', {q}) "
        f"ELSE to_tsquery('german', {q}) END"
    )
    return page(
        f"""SELECT n.rank || ' ' || n.id AS key,
            (SELECT {JOB} FROM cleanings c {OWNER} WHERE c.id = n.id)::text AS item
        FROM (
            SELECT c.id, ts_rank(c.search, {words}) AS rank
            FROM cleanings c JOIN users o ON o.id = c.owner_id
            WHERE c.deleted_at IS NULL AND c.hidden_at IS NULL AND NOT c.ordered
                AND {FOUND}
                {conditions(names)}
            ORDER BY c.id DESC LIMIT 200
        ) n ORDER BY n.rank DESC, n.id DESC""",
        limit,
    )
