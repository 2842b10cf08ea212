"""The rules of orders in the state machine."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.factories.orders import LATER, let_answer_lapse
from tests.market_model.bookings import Booking
from tests.market_model.jobs import Job
from tests.market_model.machine import CHOICE, SOMEBODY, answer, often
from tests.market_model.offers import Offer
from tests.market_model.orders import Line, Order
from tests.market_model.package_rules import PackageRules
from tests.market_model.people import Person
from tests.market_model.steps import ON_ORDERS

ORDERS = 3
PLACE = "3 Mill Lane"


class OrderRules(PackageRules):
    """Packages are ordered, and orders are accepted, declined, cancelled, or expire."""

    orders: list[Order]
    jobs: list[Job]
    offers: list[Offer]
    bookings: list[Booking]

    @precondition(lambda self: sum(it.shown_status == "placed" for it in self.orders) < ORDERS)
    @precondition(lambda self: any(it.status == "published" for it in self.packages))
    @rule(
        first=CHOICE,
        second=st.sampled_from([None, None, 0, 1, 2]),
        who=SOMEBODY,
        quantity=st.sampled_from([1, 1, 2]),
        behind=st.sampled_from([0] * 5 + [1]),
    )
    def place_an_order(
        self, *, first: int, second: int | None, who: int | None, quantity: int, behind: int
    ) -> None:
        published = [it for it in self.packages if it.status == "published"]
        chosen = [published[first % len(published)]]
        if second is not None and self.packages[second % len(self.packages)] not in chosen:
            chosen.append(self.packages[second % len(self.packages)])
        lines = [Line(it, max(1, it.revision - behind), quantity) for it in chosen]
        others = [it for it in self.people if it is not chosen[0].seller and it.acts]
        customer = self.person(who, (others or self.people)[0])
        draft = {
            "items": [
                {
                    "package_id": package.path.rpartition("/")[2],
                    "revision": revision,
                    "quantity": count,
                }
                for package, revision, count in lines
            ],
            "starts_at": LATER,
            "address": PLACE,
        }
        response = self.send(customer, "POST", "/orders", draft)
        order = self.compare(response, lambda: Order.of(customer, lines))
        if order:
            order.path = f"/orders/{response.json()['id']}"
            self.orders.append(order)
            for package in chosen:
                self.look_at_package(package.seller, package)

    @precondition(lambda self: self.orders)
    @rule(order=CHOICE, name=often("accept", rarely=["decline", "cancel"]), who=SOMEBODY)
    def decide_about_an_order(self, *, order: int, name: str, who: int | None) -> None:
        step = ON_ORDERS[name]
        on = self.chosen(self.orders, step, order)
        person = self.person(who, on.customer if step.by_owner else on.cleaner)
        response, booking = self.take(person, name, step, on)
        if booking:
            made, job = response.json(), booking.offer.job
            job.path = f"/cleanings/{made['cleaning_id']}"
            booking.offer.path = f"{job.path}/offers/{made['offer_id']}"
            booking.path = f"{job.path}/bookings/{made['id']}"
            self.jobs.append(job)
            self.offers.append(booking.offer)
            self.bookings.append(booking)
        self.look_at_order(person, on)

    @precondition(lambda self: any(it.status == "placed" for it in self.orders))
    @rule(order=CHOICE)
    def let_an_order_lapse(self, *, order: int) -> None:
        placed = [it for it in self.orders if it.status == "placed"]
        on = placed[order % len(placed)]
        self.service.run(let_answer_lapse(self.service.market, on.path.rpartition("/")[2]))
        on.lapsed = True

    def look_at_order(self, who: Person, order: Order) -> None:
        """Compares an order as a person sees it with the rules."""
        response = self.send(who, "GET", order.path)
        if not who.acts or not order.sees(who):
            assert answer(response) == ("order_not_found" if who.acts else "unauthenticated")
            return
        seen = response.json()
        assert seen["status"] == order.shown_status
        if who is order.cleaner and order.status != "accepted":
            assert seen["address"] is None

    def look_at_orders(self, who: Person) -> None:
        """Compares the list of orders with the rules."""
        if who.acts:
            listed = self.send(who, "GET", "/orders?limit=100").json()["items"]
            own = [(it.path, it.shown_status) for it in self.orders if it.sees(who)]
            assert [(f"/orders/{it['id']}", it["status"]) for it in reversed(listed)] == own
