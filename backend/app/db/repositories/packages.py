"""The queries of packages."""

from collections.abc import Sequence
from functools import cache
from uuid import UUID

from sqlalchemy import ColumnElement, Uuid, and_, case, func, join, or_, select

from app.core.languages import Languages
from app.core.raising import raises
from app.core.security.tokens import Bearer
from app.db.models.package_shapes import PackageDetail, PackageFilters
from app.db.models.package_terms import PackageRevision, PackageRevisionPublic
from app.db.models.packages import NotSeller, Package, PackageNotFound
from app.db.models.states.packages import PackageStatus
from app.db.models.users import User
from app.db.models.visibility import is_offered
from app.db.repositories.base import CALLER_ID, PACKAGE_ID, Item, ItemQuery, json_object
from app.db.repositories.browsing import find
from app.db.repositories.package_listing import PACKAGES
from app.db.repositories.package_views import PackageView, visible_package
from app.db.repositories.pages import Page, PageQuery, PageRequest, PageShape, SearchPage
from app.db.repositories.person_views import Person
from app.db.repositories.photo_views import shown_photos
from app.postgres.statements import Source, Statement, argument, col, inline
from app.postgres.tables import RowQuery
from app.postgres.transactions import Transaction

SELLER_ID = argument("seller_id", Uuid())
OWN = col(Package.seller_id) == CALLER_ID
UNARCHIVED = (
    col(Package.seller_id) == SELLER_ID,
    col(Package.status) != inline(PackageStatus.ARCHIVED),
)


def lock(*conditions: ColumnElement[bool], sold: bool = False) -> RowQuery[Package]:
    """Locks a package, if some conditions hold of it.

    Args:
        conditions: The conditions.
        sold: Whether they are about the account of the seller, too.
    """
    found = select(Package).where(col(Package.id) == PACKAGE_ID, *conditions)
    if sold:
        found = found.join(User, col(User.id) == Package.seller_id)
    return RowQuery(found.with_for_update(key_share=True, of=Package))


class PackageRepository:
    """The packages, in a unit of work."""

    _locking = lock()
    _locking_own = lock(OWN)
    _locking_visible = lock(
        or_(OWN, and_(is_offered(Package), col(User.blocked_at).is_(None))), sold=True
    )
    _locking_unarchived = RowQuery(
        select(Package).where(*UNARCHIVED).order_by(col(Package.id)).with_for_update(key_share=True)
    )
    _count = Statement(select(func.count()).select_from(Package).where(*UNARCHIVED))
    _visible = Statement(visible_package(PACKAGE_ID))

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def add(self, row: Package | PackageRevision) -> None:
        """Adds a new package, or a revision of one."""
        self._transaction.add(row)

    async def count(self, seller_id: UUID) -> int:
        """The number of packages of a seller that are not archived."""
        ((number,),) = await self._count.fetch(self._transaction, seller_id=seller_id)
        return int(number)

    async def lock(self, package_id: UUID) -> Package:
        """A package, locked until the end of the transaction.

        Raises:
            PackageNotFound: There is none.
        """
        package = await self._transaction.one(self._locking, package_id=package_id)
        if package is None:
            raise PackageNotFound
        return package

    async def lock_own(self, caller_id: UUID, package_id: UUID) -> Package:
        """Like `lock`, for the seller of the package.

        Raises:
            PackageNotFound: There is none that the caller may see.
            NotSeller: The caller may see it, but does not sell it.
        """
        who = {"caller_id": caller_id, "package_id": package_id}
        package = await self._transaction.one(self._locking_own, **who)
        if package is None:
            seen = await self._visible.fetch(self._transaction, **who)
            raise NotSeller if seen else PackageNotFound
        return package

    async def lock_visible(self, caller_id: UUID, package_id: UUID) -> Package:
        """Like `lock`, for callers who see the package.

        Raises:
            PackageNotFound: There is none that the caller may see.
        """
        who = {"caller_id": caller_id, "package_id": package_id}
        package = await self._transaction.one(self._locking_visible, **who)
        if package is None:
            raise PackageNotFound
        return package

    async def lock_unarchived(self, seller_id: UUID) -> Sequence[Package]:
        """The packages of a seller that are not archived, locked in the order of their ids."""
        return await self._transaction.all(self._locking_unarchived, seller_id=seller_id)


def _detail(*, for_visitors: bool) -> ItemQuery:
    view = PackageView()
    return ItemQuery(
        select()
        .select_from(view.owner.joined(Package))
        .where(col(Package.id) == PACKAGE_ID, view.visible),
        item=view.json(
            PackageDetail,
            offered=case((OWN, col(Package.offered))),
            photos=shown_photos(Package),
            hidden=col(Package.hidden_at).is_not(None),
        ),
        version=col(Package.version),
        missing=PackageNotFound,
        for_visitors=for_visitors,
    )


@cache
def _revisions(shape: PageShape) -> PageQuery:
    editor = Person(col(PackageRevision.editor_id))
    return PageQuery(
        select()
        .select_from(editor.joined(join(PackageRevision, Package)))
        .where(col(PackageRevision.package_id) == PACKAGE_ID),
        item=json_object(
            PackageRevisionPublic,
            PackageRevision,
            edited_by=editor.json,
            edited_at=col(PackageRevision.created_at),
        ),
        keys=[col(PackageRevision.revision)],
        shape=shape,
        within=visible_package(PACKAGE_ID),
        missing=PackageNotFound,
    )


class PackageReader:
    """Reads of packages."""

    _for_members, _for_visitors = (_detail(for_visitors=it) for it in (False, True))

    def __init__(self, source: Source) -> None:
        self._source = source

    @raises(PackageNotFound)
    async def one(self, caller: Bearer | None, package_id: UUID) -> Item:
        """A package, as the caller or a visitor sees it."""
        query = self._for_members if caller else self._for_visitors
        return await query.one(self._source, caller, package_id=package_id)

    async def browse(
        self,
        caller: Bearer | None,
        filters: PackageFilters,
        request: PageRequest,
        currency: str,
        languages: Languages,
    ) -> SearchPage:
        """The packages that match all filters, in the order that is asked for.

        Args:
            caller: The caller; None for a visitor.
            filters: The filters, and the order.
            request: The requested page.
            currency: The currency of prices, if the filters name none.
            languages: The languages of the market.
        """
        return await find(PACKAGES, self._source, caller, filters, request, currency, languages)

    @raises(PackageNotFound)
    async def revisions(self, caller: Bearer, package_id: UUID, request: PageRequest) -> Page:
        """The earlier terms of a package, newest first."""
        query = _revisions(request.shape)
        return await query.page(self._source, caller, request, package_id=package_id)
