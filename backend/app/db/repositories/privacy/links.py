"""Export, erasure and expiry of links."""

from sqlalchemy import delete

from app.db.models.links import Link
from app.db.models.privacy.links import LinkExport
from app.db.repositories.base import CALLER_ID, MOMENT, USER_ID, json_object
from app.db.repositories.privacy import Part, Privacy, Section, deleting_expired
from app.postgres.statements import col

LINKS = Part(
    source=Link,
    item=json_object(LinkExport, Link),
    key=col(Link.id),
    own=col(Link.user_id) == CALLER_ID,
)

PRIVACY = Privacy(
    export=(Section("links", LinkExport, (LINKS,)),),
    erase=(delete(Link).where(col(Link.user_id) == USER_ID),),
    expire=(deleting_expired(Link, col(Link.expires_at) <= MOMENT),),
)
