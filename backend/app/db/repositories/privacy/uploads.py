"""Export, erasure and expiry of uploads."""

from sqlalchemy import select

from app.db.models.privacy.uploads import UploadExport
from app.db.models.uploads import Upload
from app.db.repositories.base import CALLER_ID, MOMENT, USER_ID
from app.db.repositories.privacy import AT_ONCE, Part, Privacy, Section
from app.db.repositories.uploads import deleting, upload_json
from app.postgres.statements import Statement, col, inline, once

UPLOADS = Part(
    source=Upload,
    item=upload_json(UploadExport),
    key=col(Upload.id),
    own=col(Upload.user_id) == CALLER_ID,
)
EXPIRED = (
    select(col(Upload.id))
    .where(col(Upload.expires_at) <= MOMENT)
    .limit(inline(AT_ONCE))
    .with_for_update(skip_locked=True)
)

PRIVACY = Privacy(
    export=(Section("uploads", UploadExport, (UPLOADS,)),),
    erase=(deleting(col(Upload.user_id) == USER_ID),),
    expire=(Statement(deleting(col(Upload.id).in_(once(EXPIRED))).returning(inline(1))),),
)
