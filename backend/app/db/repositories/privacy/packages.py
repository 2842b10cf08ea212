"""Export and erasure of packages."""

from sqlalchemy import delete, func, null, select

from app.db.models.package_terms import PackageRevision
from app.db.models.packages import Package
from app.db.models.privacy.packages import PackageExport, PackageRevisionExport
from app.db.repositories.base import CALLER_ID, USER_ID, json_array, json_object
from app.db.repositories.privacy import Part, Privacy, Section, changing
from app.postgres.statements import col, inline

NO_NAME = inline("Deleted")
OWN_PACKAGES = select(col(Package.id)).where(col(Package.seller_id) == USER_ID)

REVISION = json_object(PackageRevisionExport, PackageRevision)
REVISIONS = (
    select(json_array(REVISION, col(PackageRevision.revision)))
    .where(col(PackageRevision.package_id) == Package.id)
    .scalar_subquery()
)
PACKAGES = Part(
    source=Package,
    item=json_object(PackageExport, Package, revisions=REVISIONS),
    key=col(Package.id),
    own=col(Package.seller_id) == CALLER_ID,
)

PRIVACY = Privacy(
    export=(Section("packages", PackageExport, (PACKAGES,)),),
    erase=(
        delete(PackageRevision).where(col(PackageRevision.package_id).in_(OWN_PACKAGES)),
        changing(
            Package,
            col(Package.seller_id) == USER_ID,
            name=NO_NAME,
            description=null(),
            area=null(),
            area_key=null(),
            photos=func.jsonb_build_array(),
            search=null(),
            words_revision=null(),  # the worker makes the search vector of the new name
        ),
    ),
)
