"""The market against a model of its rules, however people mix what they do."""

from datetime import datetime, timedelta

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from app.core.config import Settings
from app.db.models.users import UserRole
from app.worker.clock import Clock
from tests.driven import drive
from tests.factories.checklists import bring_item
from tests.factories.cleanings import Job as MadeJob
from tests.factories.cleanings import date_back
from tests.factories.users import make_user
from tests.invariants import assert_invariants
from tests.market_model.bookings import Booking, Evaluation
from tests.market_model.category_rules import CategoryRules
from tests.market_model.jobs import Job, delete_account
from tests.market_model.machine import CHOICE, DONE, PEOPLE, SOMEBODY, answer, often
from tests.market_model.order_rules import OrderRules
from tests.market_model.orders import end_orders
from tests.market_model.packages import stop_selling
from tests.market_model.people import Person
from tests.market_model.question_rules import QuestionRules
from tests.market_model.steps import ON_BOOKINGS, ON_JOBS, ON_OFFERS

JOBS = 3
"""Few, so that much happens to each."""

ADDRESS = "3 Mill Lane"
LATER = "2100-01-01T09:00:00+00:00"
ANSWERED = "UPDATE bookings SET completes_at = now() WHERE completes_at IS NOT NULL"


class MarketRules(OrderRules, CategoryRules, QuestionRules):
    """A few people and staff take any steps, in any order."""

    @initialize()
    def begin(self) -> None:
        market, run = self.service.market, self.service.run
        self.people = [Person(run(make_user(market))) for _ in range(PEOPLE)]
        self.staff = run(make_user(market, role=UserRole.STAFF))
        self.grow_the_tree()
        run(bring_item(market, self.category))
        self.packages, self.orders, self.questions = [], [], []
        self.jobs, self.offers, self.bookings = [], [], []
        self.evaluations: list[Evaluation] = []
        for number in range(JOBS):
            self.post(who=number, later=number == 0)
            for _ in range(2):
                self.change_a_job(job=4 * number, name="offer", who=None)
        self.draft_a_package(who=PEOPLE - 1, stock=3)
        self.change_a_package(package=0, name="publish", who=None, by=0)
        self.place_an_order(first=0, second=None, who=None, quantity=1, behind=0)

    @precondition(lambda self: sum(it.goes_on and not it.ordered for it in self.jobs) < JOBS)
    @rule(who=st.integers(0, PEOPLE - 1), later=st.booleans())
    def post(self, *, who: int, later: bool) -> None:
        owner = self.people[who]
        draft = {
            "name": "Windows",
            "price": "50.00",
            "address": ADDRESS,
            "category": self.category,
        }
        response = self.send(
            owner, "POST", "/cleanings", draft | ({"starts_at": LATER} if later else {})
        )
        start = "later" if later else None
        job = self.compare(response, lambda: Job.of(owner, start=start, category=self.category))
        if job:
            job.path = f"/cleanings/{response.json()['id']}"
            self.jobs.append(job)

    @rule(
        job=CHOICE,
        name=often("edit", "offer", "restart", rarely=["cancel", "delete", "translate"]),
        who=SOMEBODY,
    )
    def change_a_job(self, *, job: int, name: str, who: int | None) -> None:
        step = ON_JOBS[name]
        on = self.chosen(self.jobs, step, job)
        taken = [on.owner, *(offer.cleaner for offer in on.offers)]
        newcomers = [person for person in self.people if person not in taken]
        person = self.person(who, newcomers[0] if name == "offer" and newcomers else on.owner)
        if name == "edit":
            step = step._replace(body={"description": f"Wording {on.wording + 1}"})
        if name == "translate":
            step = step._replace(body={"language": "de"})
        if name == "restart":
            starts_at = datetime.fromisoformat(LATER) + timedelta(hours=on.wording)
            step = step._replace(body={"starts_at": starts_at.isoformat()})
        response, offer = self.take(person, name, step, on)
        if offer:
            offer.path = f"{on.path}/offers/{response.json()['id']}"
            self.offers.append(offer)
        self.look(person, on)

    @rule(
        offer=CHOICE,
        name=often("accept", "renew", rarely=["revise", "withdraw", "reject", "lower"]),
        who=SOMEBODY,
    )
    def decide_about_an_offer(self, *, offer: int, name: str, who: int | None) -> None:
        step = ON_OFFERS[name]
        on = self.chosen(self.offers, step, offer)
        person = self.person(who, on.job.owner if step.by_owner else on.cleaner)
        if name == "lower":
            step = step._replace(body={"price": f"{on.price - 1}.00"})
        response, booking = self.take(person, name, step, on)
        if booking:
            booking.path = f"{on.job.path}/bookings/{response.json()['id']}"
            self.bookings.append(booking)
        self.look(person, on.job)

    @precondition(lambda self: self.bookings)
    @rule(
        booking=CHOICE,
        name=often("complete", "evaluate", "miss", "cancel", "report", "tick"),
        who=SOMEBODY,
        stars=st.integers(1, 5),
    )
    def go_on_with_a_booking(self, *, booking: int, name: str, who: int | None, stars: int) -> None:
        step = ON_BOOKINGS[name]
        on = self.chosen(self.bookings, step, booking)
        person = self.person(who, on.offer.job.owner if step.by_owner else on.offer.cleaner)
        if name == "evaluate":
            step = step._replace(body={"overall_rating": stars})
        if name == "tick":
            step = step._replace(body={"done": not on.ticked})
        given = [stars] if name == "evaluate" else []
        response, evaluation = self.take(person, name, step, on, *given)
        if evaluation:
            evaluation.path = f"{on.path}/evaluations/{response.json()['id']}"
            self.evaluations.append(evaluation)
        self.look(person, on.offer.job)
        self.look_at_checklist(on)

    @rule(job=CHOICE)
    def pass_a_start(self, *, job: int) -> None:
        on = self.jobs[job % len(self.jobs)]
        if on.start == "later":
            on.begin()
            made = MadeJob(on.owner.actor, {"id": on.id}, "")
            # Another day each time, or else two earlier revisions might be equal.
            self.service.run(date_back(self.service.market, made, days=400 + on.wording))

    @rule(long=st.sampled_from([False, False, False, True]))
    def tick(self, *, long: bool) -> None:
        """The clock ticks, at times long after all that was reported."""
        if long:
            self.service.run(self.service.market.app.state.database.fetch(ANSWERED, ()))
        self.service.run(Clock(self.service.market.app.state.database).tick())
        for job in self.jobs:
            job.expire()
        for order in self.orders:
            order.expire()
        for booking in self.bookings:
            if long:
                booking.answered_by_time()
            booking.forgotten()

    @rule(
        kind=st.sampled_from(["jobs", "offers", "evaluations", "packages"]),
        which=CHOICE,
        hidden=st.booleans(),
    )
    def hide_or_show(self, *, kind: str, which: int, hidden: bool) -> None:
        if things := getattr(self, kind):
            on = things[which % len(things)]
            done = self.look_after(f"{on.path}/hiding", takes=hidden)
            assert done == ("cleaning_not_found" if on.is_gone else DONE)
            if not on.is_gone:
                on.hide(hidden=hidden)

    @rule(who=st.integers(0, PEOPLE - 1), blocked=st.sampled_from([True] + [False] * 4))
    def block_or_unblock(self, *, who: int, blocked: bool) -> None:
        person = self.people[who]
        done = self.look_after(f"/users/{person.actor.id}/block", takes=blocked)
        assert done == ("user_not_found" if person.deleted else DONE)
        person.blocked = blocked and not person.deleted
        if person.blocked:
            end_orders(person, self.orders)
            stop_selling(person, self.packages)

    @precondition(lambda self: self.evaluations and all(not it.deleted for it in self.people))
    @rule(who=st.integers(0, PEOPLE - 1))
    def leave(self, *, who: int) -> None:
        person = self.people[who]
        response = self.send(person, "DELETE", "/users/me")
        self.compare(response, lambda: delete_account(person, self.jobs))
        if person.deleted:
            end_orders(person, self.orders)
            stop_selling(person, self.packages)

    def teardown(self) -> None:
        for person in self.people:
            for job in self.jobs:
                self.look(person, job)
                self.look_at_questions(person, job)
            for package in self.packages:
                self.look_at_package(person, package)
                self.look_at_questions(person, package)
            self.look_at_packages(person)
            for order in self.orders:
                self.look_at_order(person, order)
            self.look_at_orders(person)
            self.look_at_rating(person)
        self.service.run(assert_invariants(self.service.market.app))

    def look(self, who: Person, job: Job) -> None:
        """Compares what somebody is shown of a job with what the rules show them."""
        response = self.send(who, "GET", job.path)
        if not who.acts or not job.sees(who):
            assert answer(response) == ("cleaning_not_found" if who.acts else "unauthenticated")
            return
        seen = response.json()
        trusted = who in (job.owner, job.cleaner) and not job.owner.deleted
        assert (seen["status"], seen["hidden"]) == (job.shown_status, job.hidden)
        assert seen["address"] == (ADDRESS if trusted else None)
        listed = self.send(who, "GET", f"{job.path}/offers").json()["items"]
        assert [
            (it["id"], it["status"], it["outdated"], it["hidden"]) for it in reversed(listed)
        ] == [
            (it.path.rpartition("/")[2], it.status, it.outdated, it.hidden)
            for it in job.offers
            if it.sees(who)
        ]

    def look_at_checklist(self, booking: Booking) -> None:
        """Compares the checklist that both sides are shown with what the cleaner has ticked off."""
        for side in (booking.offer.job.owner, booking.offer.cleaner):
            if side.acts:
                (item,) = self.send(side, "GET", booking.path).json()["checklist"]
                assert (item["done_at"] is not None) == booking.ticked

    def look_at_rating(self, who: Person) -> None:
        """Compares the rating that somebody has as a cleaner with their stars."""
        if who.acts:
            path = f"/profiles/{who.actor.username}/evaluations/stats"
            rating = self.send(who, "GET", path).json()
            average = sum(who.stars) / len(who.stars) if who.stars else None
            assert rating["total"] == len(who.stars)
            assert rating["overall_rating"]["average"] == (
                average and pytest.approx(average, abs=0.00501)
            )


def test_the_market_keeps_its_rules(own_database: Settings) -> None:
    drive(MarketRules, own_database, examples=40, steps=50)
