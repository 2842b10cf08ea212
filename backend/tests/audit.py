"""What the audit says."""

from uuid import UUID

from tests.factories.users import Market


async def audited(market: Market, user_id: UUID) -> list[tuple[str, str | None]]:
    """The audit entries of a user, with their factors."""
    rows = await market.app.state.database.fetch(
        "SELECT action, coalesce(details->>'factor', details->>'kind') FROM audit"
        " WHERE user_id = $1 ORDER BY id",
        [user_id],
    )
    return [tuple(row) for row in rows]
