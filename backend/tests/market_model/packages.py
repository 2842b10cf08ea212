"""Packages."""

from dataclasses import dataclass

from tests.market_model.people import Person, demand


@dataclass(eq=False)
class Package:
    """A package of the model."""

    seller: Person
    stock: int | None
    path: str = ""
    status: str = "draft"
    revision: int = 1
    hidden: bool = False
    is_gone = False

    @classmethod
    def of(cls, seller: Person, *, stock: int | None) -> "Package":
        seller.act()
        return cls(seller, stock)

    def hide(self, *, hidden: bool) -> None:
        self.hidden = hidden

    @property
    def is_offered(self) -> bool:
        """Whether all users see it."""
        return self.status == "published" and not self.hidden and not self.seller.blocked

    def sees(self, who: Person) -> bool:
        return who is self.seller or self.is_offered

    def edit(self, who: Person) -> None:
        self._demand(who)
        demand(self.status != "archived", "package_archived")
        self.revision += 1

    def publish(self, who: Person) -> None:
        self._demand(who)
        demand(self.status in ("draft", "paused"), "package_not_publishable")
        self.status = "published"

    def pause(self, who: Person) -> None:
        self._demand(who)
        demand(self.status == "published", "package_not_published")
        self.status = "paused"

    def archive(self, who: Person) -> None:
        self._demand(who)
        demand(self.status != "archived", "package_archived")
        self.status = "archived"

    def restock(self, who: Person, by: int) -> None:
        self._demand(who)
        demand(self.status != "archived", "package_archived")
        demand(self.stock is not None, "stock_unlimited")
        left = (self.stock or 0) + by
        demand(left >= 0, "stock_out_of_range")
        self.stock = left

    def _demand(self, who: Person) -> None:
        who.act()
        demand(self.sees(who), "package_not_found")
        demand(who is self.seller, "not_seller")


def stop_selling(seller: Person, packages: list[Package]) -> None:
    """The packages of an account that is blocked or deleted are archived."""
    for package in packages:
        if package.seller is seller:
            package.status = "archived"
