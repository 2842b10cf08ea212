"""Parts that several of the reference's statements have."""

LIVE = """s.id = $1 AND s.user_id = $2 AND s.expires_at > now()
    AND u.blocked_at IS NULL AND u.inactive_at IS NULL AND u.deleted_at IS NULL"""

IN_TIME = "c.status <> 'open' OR c.starts_at IS NULL OR c.starts_at > now()"

SHARED = """(NOT c.ordered OR c.owner_id = $2
    OR $2 = (SELECT cleaner_id FROM offers WHERE cleaning_id = c.id LIMIT 1))"""

STATUS = f"CASE WHEN {IN_TIME} THEN c.status ELSE 'expired' END"

FOUND = """o.blocked_at IS NULL AND o.id NOT IN (
        SELECT blocked_id FROM blocks WHERE blocker_id = $2
        UNION ALL SELECT blocker_id FROM blocks WHERE blocked_id = $2
    )"""
