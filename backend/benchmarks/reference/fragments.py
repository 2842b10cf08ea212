"""Parts that several of the reference's statements have."""

LIVE = """s.id = $1 AND s.user_id = $2 AND s.expires_at > now()
    AND u.blocked_at IS NULL AND u.inactive_at IS NULL AND u.deleted_at IS NULL"""

IN_TIME = "c.status <> 'open' OR c.starts_at IS NULL OR c.starts_at > now()"

STATUS = f"CASE WHEN {IN_TIME} THEN c.status ELSE 'expired' END"
