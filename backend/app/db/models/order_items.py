"""Items of orders: packages, as they were when they were ordered."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated
from uuid import UUID

import pydantic
from pydantic import AfterValidator, BeforeValidator
from sqlalchemy import CheckConstraint, Numeric
from sqlmodel import Field, SQLModel

from app.core.errors import Conflict
from app.db.models.fields import Input, whole_number
from app.db.models.packages import Package
from app.postgres.rows import Row

MOST_ITEMS = 20
MOST_PIECES = 20


class PackageChanged(Conflict):
    code = "package_changed"
    detail = "The package has another revision now. Read it again."


class OutOfStock(Conflict):
    code = "out_of_stock"
    detail = "Too few pieces of the package are left."


class OrderItem(Row, table=True):
    """A package of an order.

    Its primary key lets the table be distributed by order. So there is no reference to the package,
    which is on another machine: packages are never deleted, and the doctor compares the two.
    """

    __tablename__ = "order_items"
    __table_args__ = (
        CheckConstraint(f"quantity BETWEEN 1 AND {MOST_PIECES}", name="quantity"),
        CheckConstraint(f"place BETWEEN 1 AND {MOST_ITEMS}", name="place"),
        CheckConstraint("price > 0", name="price"),
        CheckConstraint("duration > 0", name="duration"),
        CheckConstraint("revision > 0", name="revision"),
    )

    order_id: UUID = Field(primary_key=True, foreign_key="orders.id")
    package_id: UUID = Field(primary_key=True)
    place: int
    revision: int
    quantity: int
    name: str
    price: Decimal = Field(sa_type=Numeric(10, 2))
    duration: int | None

    @classmethod
    def of(
        cls, order_id: UUID, place: int, package: Package, wanted: "OrderItemCreate"
    ) -> "OrderItem":
        """Takes pieces of a package out of its stock.

        Args:
            order_id: The order.
            place: The place in the order, from 1 on.
            package: The package, which is locked.
            wanted: The revision and the number of pieces.

        Raises:
            PackageChanged: The package has another revision.
            OutOfStock: Too few pieces are left.
        """
        if wanted.revision != package.revision:
            raise PackageChanged(package_id=str(package.id), revision=package.revision)
        if package.stock is not None:
            if package.stock < wanted.quantity:
                raise OutOfStock(
                    "{left} of the package are left.",
                    package_id=str(package.id),
                    left=package.stock,
                )
            package.stock -= wanted.quantity
        return cls(
            order_id=order_id,
            package_id=package.id,
            place=place,
            revision=package.revision,
            quantity=wanted.quantity,
            name=package.name,
            price=package.price,
            duration=package.duration,
        )


class OrderItemCreate(Input):
    """A package that is ordered."""

    package_id: UUID
    revision: Annotated[
        int, pydantic.Field(strict=True, ge=1, le=2**31 - 1), BeforeValidator(whole_number)
    ] = Field(
        description="The revision of the package that the customer has seen",
        schema_extra={"examples": [1]},
    )
    quantity: Annotated[
        int, pydantic.Field(strict=True, ge=1, le=MOST_PIECES), BeforeValidator(whole_number)
    ] = Field(default=1, schema_extra={"examples": [2]})


class OrderItemPublic(SQLModel):
    """A package of an order, as it was when it was ordered."""

    package_id: UUID
    revision: int
    quantity: int
    name: str
    price: Decimal = Field(description="Of one piece")
    duration: int | None = Field(description="Of one piece, in minutes")


def _each_once(items: Sequence[OrderItemCreate]) -> Sequence[OrderItemCreate]:
    if len({item.package_id for item in items}) < len(items):
        raise ValueError("must name each package once")
    return items


OrderItems = Annotated[
    list[OrderItemCreate],
    pydantic.Field(min_length=1, max_length=MOST_ITEMS),
    AfterValidator(_each_once),
]
"""The packages of a new order."""
