"""The rules of categories in the state machine."""

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

from tests.factories.categories import add_up, category_slug, make_category
from tests.market_model.jobs import Job
from tests.market_model.machine import CHOICE, SOMEBODY, Machine
from tests.market_model.steps import ON_JOBS


class CategoryRules(Machine):
    """Jobs get another category, of which each counts its open jobs and those beneath it."""

    jobs: list[Job]
    category: str
    """The category that jobs are posted in."""
    beneath: str
    """A category beneath it."""

    def grow_the_tree(self) -> None:
        """Makes the categories."""
        market, run = self.service.market, self.service.run
        self.category = run(category_slug(market))
        made: dict[str, Any] = run(make_category(market, parent=self.category))
        self.beneath = made["slug"]

    @rule(job=CHOICE, choice=st.integers(0, 2), who=SOMEBODY)
    def move_a_job(self, *, job: int, choice: int, who: int | None) -> None:
        step = ON_JOBS["edit"]
        on = self.chosen(self.jobs, step, job)
        others = {self.category, self.beneath, None} - {on.category}
        category = sorted(others, key=str)[choice % len(others)]
        step = step._replace(body={"category": category})
        response, _ = self.take(self.person(who, on.owner), "edit", step, on)
        if response.is_success:
            on.category = category

    @rule()
    def look_at_the_tree(self) -> None:
        self.service.run(add_up(self.service.market))
        response = self.service.ask("GET", "/categories")
        seen = {it["slug"]: it["open_jobs"] for it in response.json()["items"]}
        counted = [job.category for job in self.jobs if job.is_counted]
        beneath = counted.count(self.beneath)
        assert seen[self.beneath] == beneath
        assert seen[self.category] == counted.count(self.category) + beneath
