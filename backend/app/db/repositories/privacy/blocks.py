"""Export and erasure of blocks."""

from sqlalchemy import delete, or_

from app.db.models.blocks import Block
from app.db.models.privacy.blocks import BlockExport
from app.db.repositories.base import CALLER_ID, USER_ID, json_object
from app.db.repositories.privacy import Part, Privacy, Section
from app.postgres.statements import col

BLOCKS = Part(
    source=Block,
    item=json_object(BlockExport, Block),
    key=col(Block.blocked_id),
    own=col(Block.blocker_id) == CALLER_ID,
)

PRIVACY = Privacy(
    export=(Section("blocks", BlockExport, (BLOCKS,)),),
    erase=(
        delete(Block).where(
            or_(col(Block.blocker_id) == USER_ID, col(Block.blocked_id) == USER_ID)
        ),
    ),
)
