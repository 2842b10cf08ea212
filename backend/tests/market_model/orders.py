"""Orders of packages."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from tests.market_model.bookings import Booking
from tests.market_model.jobs import Job
from tests.market_model.offers import Offer
from tests.market_model.packages import Package
from tests.market_model.people import Person, demand


class Line(NamedTuple):
    """An item of an order."""

    package: Package
    revision: int
    quantity: int


@dataclass(eq=False)
class Order:
    """An order of the model."""

    customer: Person
    lines: Sequence[Line]
    path: str = ""
    status: str = "placed"
    lapsed: bool = False
    is_gone = False

    @classmethod
    def of(cls, customer: Person, lines: Sequence[Line]) -> "Order":
        customer.act()
        demand(all(it.package.sees(customer) for it in lines), "package_not_found")
        sellers = {it.package.seller for it in lines}
        demand(customer not in sellers, "own_package")
        demand(len(sellers) == 1, "invalid")
        for package, revision, quantity in lines:
            demand(revision == package.revision, "package_changed")
            demand(package.stock is None or package.stock >= quantity, "out_of_stock")
        order = cls(customer, lines)
        order.move_stock(-1)
        return order

    @property
    def cleaner(self) -> Person:
        return self.lines[0].package.seller

    @property
    def shown_status(self) -> str:
        """The state by the present time."""
        return "expired" if self.status == "placed" and self.lapsed else self.status

    def move_stock(self, sign: int) -> None:
        """Takes the pieces out of the stocks, or gives them back."""
        for package, _, quantity in self.lines:
            if package.stock is not None:
                package.stock += sign * quantity

    def sees(self, who: Person) -> bool:
        return who in (self.customer, self.cleaner)

    def accept(self, who: Person) -> Booking:
        self._demand(who, self.cleaner, "not_seller")
        self.status = "accepted"
        job = Job(self.customer, "later", None, status="booked", ordered=True)
        job.offers.append(Offer(job, self.cleaner, 1, status="accepted"))
        job.bookings.append(Booking(job.offers[0]))
        return job.bookings[0]

    def decline(self, who: Person) -> None:
        self._demand(who, self.cleaner, "not_seller")
        self._end("declined")

    def cancel(self, who: Person) -> None:
        self._demand(who, self.customer, "not_customer")
        self._end("cancelled")

    def expire(self) -> None:
        """The clock notes that it was not answered in time."""
        if self.status == "placed" and self.lapsed:
            self._end("expired")

    def end_with(self, who: Person) -> None:
        """Ends it with the account of one of its sides."""
        self.expire()
        if self.status == "placed" and self.sees(who):
            self._end("cancelled" if who is self.customer else "declined")

    def _end(self, status: str) -> None:
        self.status = status
        self.move_stock(1)

    def _demand(self, who: Person, whose: Person, code: str) -> None:
        who.act()
        demand(self.sees(who), "order_not_found")
        demand(who is whose, code)
        demand(self.shown_status == "placed", "order_not_placed")


def end_orders(who: Person, orders: Iterable[Order]) -> None:
    """The placed orders of an account that is blocked or deleted end."""
    for order in orders:
        if order.sees(who):
            order.end_with(who)
