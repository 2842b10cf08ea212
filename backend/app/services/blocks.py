"""The use cases of blocks."""

from app.core.raising import raises
from app.core.security.tokens import Bearer
from app.db.models.blocks import (
    MOST_PER_ACCOUNT,
    Block,
    BlockNotFound,
    BlockOfSelf,
    TooManyBlocks,
)
from app.db.models.profiles import ProfileNotFound
from app.db.models.users import User
from app.db.repositories.blocks import BlockRepository
from app.postgres.transactions import Transaction


class BlockService:
    """The use cases of blocks.

    Args:
        transaction: The unit of work.
    """

    def __init__(self, transaction: Transaction) -> None:
        self._blocks = BlockRepository(transaction)

    @raises(ProfileNotFound, BlockOfSelf, TooManyBlocks)
    async def block(self, caller: Bearer, named: str) -> None:
        """Blocks a person. If the caller has blocked them already, nothing changes.

        Args:
            caller: The caller.
            named: The username or the public id of the person.
        """
        blocked_id = await self._blocks.lock_sides(caller, named)
        if blocked_id == caller.user_id:
            raise BlockOfSelf
        counted = await self._blocks.count(caller.user_id, blocked_id)
        if counted.has_one:
            return
        if counted.total >= MOST_PER_ACCOUNT:
            raise TooManyBlocks
        self._blocks.add(Block(blocker_id=caller.user_id, blocked_id=blocked_id))

    @raises(BlockNotFound)
    async def unblock(self, caller: User, named: str) -> None:
        """Ends the block of a person by the caller."""
        await self._blocks.delete(caller.id, named)
