"""Checks of packages, their stock and their revisions."""

from typing import Any

from sqlalchemy import BigInteger, case, cast, func, or_, select, true, union_all

from app.db.doctor.check import Check
from app.db.doctor.log import actors, differing, happened, last_of, told
from app.db.doctor.revisions import Revisions
from app.db.doctor.words import WordsCheck
from app.db.models.events import Event
from app.db.models.kinds.packages import PackageEvent
from app.db.models.package_terms import PackageRevision
from app.db.models.packages import MOST_PER_SELLER, Package
from app.db.models.states.packages import PackageStatus
from app.db.models.users import User
from app.postgres.statements import col

LEADS_TO = {
    PackageEvent.CREATED: PackageStatus.DRAFT,
    PackageEvent.PUBLISHED: PackageStatus.PUBLISHED,
    PackageEvent.PAUSED: PackageStatus.PAUSED,
    PackageEvent.ARCHIVED: PackageStatus.ARCHIVED,
}
"""The state of a package after each event."""

REVISIONS = Revisions(
    Package,
    number=Package.revision,
    owner=Package.seller_id,
    revision=PackageRevision,
    belongs=PackageRevision.package_id,
    terms=PackageRevision.terms,
)
PAYLOAD: Any = col(Event.payload)
IS_ARCHIVED = col(Package.status) == PackageStatus.ARCHIVED


def _in_other_states() -> Any:
    """Packages in another state than their last event led to."""
    last = last_of(*LEADS_TO)
    state = case({str(kind): str(it) for kind, it in LEADS_TO.items()}, value=last.c.kind)
    return (
        select(col(Package.id))
        .outerjoin(last, last.c.subject_id == Package.id)
        .where(state.is_distinct_from(col(Package.status)))
    )


def _offered_otherwise() -> Any:
    """Packages whose `offered` is not the sum of what their events have put into stock."""
    put = (
        select(
            col(Event.subject_id), func.sum(cast(PAYLOAD["by"].astext, BigInteger)).label("total")
        )
        .where(
            col(Event.subject) == PackageEvent.subject,
            col(Event.kind).in_([PackageEvent.CREATED, PackageEvent.STOCKED]),
        )
        .group_by(col(Event.subject_id))
        .subquery()
    )
    return (
        select(col(Package.id))
        .outerjoin(put, put.c.subject_id == Package.id)
        .where(put.c.total.is_distinct_from(col(Package.offered)))
    )


def _changes() -> Any:
    """Creations and edits of packages."""
    edits = func.generate_series(2, Package.revision).table_valued("revision")
    none = cast(None, col(Event.cleaning_id).type)

    def happened_to_package(kind: PackageEvent) -> Any:
        return happened(Package, kind, none, Package.seller_id)

    return union_all(
        happened_to_package(PackageEvent.CREATED),
        happened_to_package(PackageEvent.EDITED).join(edits, true()),
    )


CHECKS = (
    Check(
        "packages_states",
        "The events of a package lead to its present state.",
        _in_other_states(),
    ),
    Check(
        "packages_archived",
        "The packages of blocked and deleted accounts are archived.",
        select(col(Package.id))
        .join(User, col(User.id) == Package.seller_id)
        .where(
            ~IS_ARCHIVED,
            or_(col(User.blocked_at).is_not(None), col(User.deleted_at).is_not(None)),
        ),
    ),
    Check(
        "packages_counted",
        f"No account has more than {MOST_PER_SELLER} packages that are not archived.",
        select(col(Package.seller_id))
        .where(~IS_ARCHIVED)
        .group_by(col(Package.seller_id))
        .having(func.count() > MOST_PER_SELLER),
    ),
    Check(
        "packages_offered",
        "The offered number of a package is the sum of what was put into stock.",
        _offered_otherwise(),
    ),
    WordsCheck(
        Package,
        "revision",
        "packages_words",
        "The search vector of a package is that of its name and description, in its language.",
    ),
    Check(
        "package_revisions_gapless",
        "The revisions of a package are numbered without gaps.",
        REVISIONS.with_gaps(),
    ),
    Check(
        "package_revisions_differ",
        "Each revision of a package differs from the previous one.",
        REVISIONS.without_change(),
    ),
    Check(
        "package_revisions_by_seller",
        "The revisions of a package are made by its seller.",
        REVISIONS.by_others(),
    ),
    Check(
        "events_of_packages",
        "Each creation and edit of a package has one event, and the reverse.",
        differing(told(PackageEvent.CREATED, PackageEvent.EDITED), _changes()),
    ),
    actors(
        "packages_actors",
        "Packages are published, paused and restocked by their sellers.",
        {
            PackageEvent.PUBLISHED: Package.seller_id,
            PackageEvent.PAUSED: Package.seller_id,
            PackageEvent.STOCKED: Package.seller_id,
        },
        Package,
    ),
)
