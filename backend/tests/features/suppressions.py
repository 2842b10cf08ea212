"""Suppressions, as the tests that hold for all features see them."""

from app.db.models.suppressions import SUPPRESSED_FOR, Suppression
from app.db.repositories.suppressions import SuppressionRepository
from tests.factories.users import Actor, Market
from tests.features import Feature
from tests.stories import DELETED


async def leave_traces(market: Market, actor: Actor, _: Actor) -> list[str]:
    """Has a mailbox that refuses mail."""
    async with market.app.state.database.write() as transaction:
        SuppressionRepository(transaction).suppress(actor.email)
    return ["/users/me"]


FEATURE = Feature(
    load="""
INSERT INTO suppressions (user_id, created_at) SELECT id, now() FROM users;
""",
    leftovers=((DELETED, "INSERT INTO suppressions VALUES ('$stranger_id', now())"),),
    traces=leave_traces,
    expiring={
        Suppression: lambda user_id, ended_at: {
            "user_id": user_id,
            "created_at": ended_at - SUPPRESSED_FOR,
        },
    },
)
