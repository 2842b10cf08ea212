"""Packages: cleaning work that cleaners sell at a fixed price."""

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index
from sqlmodel import Field

from app.core.errors import Conflict, Forbidden, NotFound
from app.core.names import text_key
from app.db.models.categories import CategoryDelta, Counted, deltas
from app.db.models.fields import choice, id_field, key_field
from app.db.models.hiding import Hideable
from app.db.models.json_columns import json_list
from app.db.models.package_terms import (
    MOST_IN_STOCK,
    TERMS,
    PackageCreate,
    PackageRevision,
    PackageTerms,
    PackageUpdate,
)
from app.db.models.prices import demand_price
from app.db.models.searched import UNMAPPED, Searched, search_arguments
from app.db.models.states.moves import Stateful
from app.db.models.states.packages import (
    CHANGEABLE,
    PackageArchived,
    PackageMove,
    PackageStatus,
)
from app.postgres.rows import Expressions

MOST_PER_SELLER = 200
"""How many packages that are not archived a seller may have."""


class PackageNotFound(NotFound):
    code = "package_not_found"
    detail = "Package not found."


class NotSeller(Forbidden):
    code = "not_seller"
    detail = "Only the seller of the package may do this."


class TooManyPackages(Conflict):
    code = "too_many_packages"
    detail = f"You have {MOST_PER_SELLER} packages. Archive one first."


class StockUnlimited(Conflict):
    code = "stock_unlimited"
    detail = "The package can be ordered any number of times: it has no stock."


class StockOutOfRange(Conflict):
    code = "stock_out_of_range"
    detail = f"The stock would be less than 0 or more than {MOST_IN_STOCK:,}."


class Package(PackageTerms, Searched, Hideable, Stateful, table=True):
    """A package, from its draft on. It is never deleted, since orders refer to it.

    Its language is not a term, as that of a job.
    """

    __tablename__ = "packages"
    __table_args__ = (
        *search_arguments("packages", "revision"),
        CheckConstraint("price > 0", name="price"),
        CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency"),
        CheckConstraint("duration > 0", name="duration"),
        CheckConstraint("revision > 0", name="revision"),
        CheckConstraint("stock >= 0", name="stock"),
        CheckConstraint("offered >= stock", name="offered"),
        CheckConstraint("(stock IS NULL) = (offered IS NULL)", name="limited"),
        # Browsing one status: newest or oldest first, and by price in one currency.
        Index("ix_packages_status_id", "status", "id"),
        Index("ix_packages_status_currency_price", "status", "currency", "price", "id"),
        Index("ix_packages_area_key", "area_key", "status", "id"),  # browsing one area
        # Browsing categories: newest or oldest first, and by price in one currency.
        Index("ix_packages_category", "category", "status", "id"),
        Index("ix_packages_category_price", "category", "status", "currency", "price", "id"),
        Index("ix_packages_seller_id", "seller_id", "id"),  # the packages of one seller
    )
    __mapper_args__: ClassVar = {"exclude_properties": UNMAPPED}
    written_together = frozenset({*PackageTerms.model_fields, "language", "area_key", "revision"})

    id: UUID = id_field()
    seller_id: UUID = Field(foreign_key="users.id")
    status: PackageStatus = Field(
        default=PackageStatus.DRAFT, sa_type=choice(PackageStatus, "status")
    )
    revision: int = 1
    area_key: str | None = key_field(default=None)
    stock: int | None = None
    offered: int | None = Field(default=None, sa_type=BigInteger)
    photos: list[dict[str, Any]] = json_list()

    @classmethod
    def derived(cls, written: Expressions) -> Expressions:
        """The search vector of the package, and the revision from which it was made."""
        return {**super().derived(written), "words_revision": written["revision"]}

    def keyed(self) -> dict[str, Any]:
        """The comparison key of its area."""
        return {"area_key": None if self.area is None else text_key(self.area)}

    def followed_by(self, before: Mapping[str, Any] | None) -> list[CategoryDelta]:
        """The changes of the numbers of published packages by category."""
        counted = _counted_in(before) if before else None
        return deltas(Counted.PACKAGES, self.seller_id, counted, _counted_in(self.__dict__))

    @property
    def terms(self) -> dict[str, Any]:
        """The present terms as JSON."""
        terms: dict[str, Any] = TERMS.dump_python(self, mode="json")
        return terms

    @classmethod
    def drafted(
        cls, draft: PackageCreate, seller_id: UUID, currency: str, language: str
    ) -> "Package":
        """Returns a new package.

        Args:
            draft: Its terms, its language and its stock.
            seller_id: The account that sells it.
            currency: The currency of its price unless the draft has one.
            language: The language of its texts unless the draft has one.

        Raises:
            PriceNotWhole: Prices in the currency of the market are whole.
        """
        content = dict(draft)
        if draft.currency is None:
            demand_price(draft.price, currency)
            content["currency"] = currency
        content["language"] = draft.language or language
        return cls(seller_id=seller_id, offered=draft.stock, **content)

    def edit(self, changes: PackageUpdate, editor_id: UUID) -> PackageRevision | None:
        """Applies changes of the terms and the language.

        Returns:
            The former terms, if any have changed.

        Raises:
            PackageArchived: It is archived.
            CurrencyNotSupported: The price changes, and its currency takes no new prices.
            PriceNotWhole: The price changes, and prices in its currency are whole.
        """
        PackageArchived.unless(self.status, CHANGEABLE, "edited")
        differing = self.differing(changes.model_dump(exclude_unset=True))
        if differing.keys() & {"price", "currency"}:
            demand_price(
                differing.get("price", self.price), differing.get("currency", self.currency)
            )
        before = PackageRevision(
            package_id=self.id, revision=self.revision, terms=self.terms, editor_id=editor_id
        )
        if not self.take_over(differing) or differing.keys() == {"language"}:
            return None
        self.revision += 1
        return before

    def publish(self) -> None:
        """Publishes the package: it is found, and can be ordered.

        Raises:
            PackageNotPublishable: It is published or archived.
        """
        self.move(PackageMove.PUBLISH)

    def pause(self) -> None:
        """Pauses the package: it is shown to its seller only, until it is published again.

        Raises:
            PackageNotPublished: It is not published.
        """
        self.move(PackageMove.PAUSE)

    def archive(self) -> None:
        """Archives the package for good.

        Raises:
            PackageArchived: It is archived.
        """
        self.move(PackageMove.ARCHIVE)

    def change_stock(self, by: int) -> None:
        """Adds to the stock, or takes out of it. The version stays: the stock is not in the ETag.

        Args:
            by: How many are added; negative if they are taken out.

        Raises:
            PackageArchived: It is archived.
            StockUnlimited: It has no stock, since it can be ordered any number of times.
            StockOutOfRange: The stock would be negative or too large.
        """
        PackageArchived.unless(self.status, CHANGEABLE, "restocked")
        if self.stock is None or self.offered is None:
            raise StockUnlimited
        if not 0 <= self.stock + by <= MOST_IN_STOCK:
            raise StockOutOfRange(stock=self.stock)
        self.stock += by
        self.offered += by


def _counted_in(values: Mapping[str, Any]) -> str | None:
    """The category that counts a package: that of a published one, unless it is hidden."""
    is_counted = values["status"] is PackageStatus.PUBLISHED and values["hidden_at"] is None
    return values["category"] if is_counted else None
