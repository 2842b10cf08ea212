"""Reports, and decisions about them."""

from dataclasses import dataclass
from typing import Any

from tests.factories.cleanings import make_cleaning
from tests.factories.users import Actor, Market, make_user
from tests.staff import make_staff

BROKEN: dict[str, Any] = {
    "rule": "fraud",
    "facts": "The text asks for a payment before the work.",
}
"""The reasons of a measure."""
KEPT = {"measure": "none", "facts": "The text is about a deposit."}
"""A decision to take no measure."""


@dataclass(frozen=True)
class MadeReport:
    """A report, as its reporter sees it."""

    reporter: Actor
    author: Actor
    data: dict[str, Any]

    @property
    def path(self) -> str:
        return f"/reports/{self.data['id']}"

    @property
    def for_staff(self) -> str:
        """Its path for staff."""
        return f"/admin{self.path}"


async def make_report(
    market: Market,
    path: str | None = None,
    author: Actor | None = None,
    reporter: Actor | None = None,
    **draft: Any,
) -> MadeReport:
    """A report, by default about a job."""
    if path is None or author is None:
        job = await make_cleaning(market, author)
        path, author = job.path, job.owner
    reporter = reporter or await make_user(market)
    body = {"path": path, "kind": "fraud", "words": "Asks for money in advance.", **draft}
    response = await reporter.post("/reports", body)
    assert response.status_code == 201, response.text
    return MadeReport(reporter, author, response.json())


async def decide(
    market: Market, report: MadeReport, measure: str = "hide", staff: Actor | None = None
) -> dict[str, Any]:
    """A decision about a report."""
    staff = staff or await make_staff(market)
    body = KEPT if measure == "none" else {"measure": measure, **BROKEN}
    response = await staff.post(f"{report.for_staff}/decision", body)
    assert response.status_code == 200, response.text
    decision: dict[str, Any] = response.json()
    return decision
