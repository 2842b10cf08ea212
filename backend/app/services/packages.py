"""Packages: drafting, editing, publishing, pausing and archiving them, and their stock."""

from uuid import UUID

from app.core.errors import PreconditionFailed
from app.core.raising import raises
from app.core.versions import ExpectedVersion
from app.db.models.categories import CategoryNotOffered
from app.db.models.kinds.packages import PackageEvent
from app.db.models.package_terms import PackageCreate, PackageUpdate, StockChange
from app.db.models.packages import (
    MOST_PER_SELLER,
    NotSeller,
    Package,
    PackageNotFound,
    StockOutOfRange,
    StockUnlimited,
    TooManyPackages,
)
from app.db.models.prices import PRICES_REFUSED
from app.db.models.states.packages import (
    PackageArchived,
    PackageNotPublishable,
    PackageNotPublished,
)
from app.db.models.users import User
from app.db.repositories.categories import CategoryRepository
from app.db.repositories.events import EventRepository
from app.db.repositories.packages import PackageRepository
from app.postgres.transactions import Transaction


class PackageService:
    """The use cases of packages. Each locks accounts first, then packages by their ids."""

    def __init__(self, transaction: Transaction) -> None:
        self._categories = CategoryRepository(transaction)
        self._events = EventRepository(transaction)
        self._packages = PackageRepository(transaction)

    @raises(CategoryNotOffered, TooManyPackages, *PRICES_REFUSED)
    async def make(
        self, caller: User, draft: PackageCreate, currency: str, language: str
    ) -> Package:
        """Makes a draft of a package.

        Args:
            caller: The seller, whose account is locked against other changes, so that neither two
                requests at once exceed the limit, nor one slips past a block of the account.
            draft: The terms of the package, its language and its stock.
            currency: The currency of its price, unless the draft has one.
            language: The language of its texts, unless the draft has one.
        """
        package = Package.drafted(draft, caller.id, currency, language)
        await self._categories.demand_offered(package.category)
        if await self._packages.count(caller.id) >= MOST_PER_SELLER:
            raise TooManyPackages
        self._packages.add(package)
        stocked = {} if package.stock is None else {"by": package.stock}
        self._record(caller.id, package, PackageEvent.CREATED, **stocked)
        return package

    @raises(
        PackageNotFound,
        NotSeller,
        PackageArchived,
        PreconditionFailed,
        CategoryNotOffered,
        *PRICES_REFUSED,
    )
    async def edit(
        self, caller: User, package_id: UUID, changes: PackageUpdate, expected: ExpectedVersion
    ) -> None:
        """Changes the terms of a package, or its language."""
        package = await self._packages.lock_own(caller.id, package_id)
        expected.demand(package.version)
        if changes.category not in (None, package.category):
            await self._categories.demand_offered(changes.category)
        revision = package.edit(changes, caller.id)
        if revision is not None:
            self._packages.add(revision)
            self._record(caller.id, package, PackageEvent.EDITED)

    @raises(PackageNotFound, NotSeller, PackageNotPublishable, PreconditionFailed)
    async def publish(self, caller: User, package_id: UUID, expected: ExpectedVersion) -> None:
        """Publishes a draft or a paused package."""
        package = await self._packages.lock_own(caller.id, package_id)
        expected.demand(package.version)
        package.publish()
        self._record(caller.id, package, PackageEvent.PUBLISHED)

    @raises(PackageNotFound, NotSeller, PackageNotPublished, PreconditionFailed)
    async def pause(self, caller: User, package_id: UUID, expected: ExpectedVersion) -> None:
        """Pauses a published package."""
        package = await self._packages.lock_own(caller.id, package_id)
        expected.demand(package.version)
        package.pause()
        self._record(caller.id, package, PackageEvent.PAUSED)

    @raises(PackageNotFound, NotSeller, PackageArchived, PreconditionFailed)
    async def archive(self, caller: User, package_id: UUID, expected: ExpectedVersion) -> None:
        """Archives a package."""
        package = await self._packages.lock_own(caller.id, package_id)
        expected.demand(package.version)
        package.archive()
        self._record(caller.id, package, PackageEvent.ARCHIVED)

    async def archive_all(self, seller_id: UUID, actor_id: UUID) -> None:
        """Archives all packages of a seller whose account is blocked or deleted.

        Args:
            seller_id: The account, which is locked.
            actor_id: The account of staff, or of the seller.
        """
        packages = await self._packages.lock_unarchived(seller_id)
        for package in packages:
            package.archive()
        for package in packages:
            self._record(actor_id, package, PackageEvent.ARCHIVED)

    @raises(PackageNotFound, NotSeller, PackageArchived, StockUnlimited, StockOutOfRange)
    async def restock(self, caller: User, package_id: UUID, change: StockChange) -> None:
        """Adds to the stock of a package, or takes out of it."""
        package = await self._packages.lock_own(caller.id, package_id)
        package.change_stock(change.by)
        if change.by:
            self._record(caller.id, package, PackageEvent.STOCKED, by=change.by)

    def _record(self, actor_id: UUID, package: Package, kind: PackageEvent, **facts: int) -> None:
        self._events.record(actor_id, kind, package.id, None, **facts)
