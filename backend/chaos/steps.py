"""The steps of simulated users, with their relative frequencies."""

from typing import Any, NamedTuple

import httpx

from chaos.things import Person, Thing

JOB, LATER = {"name": "Windows", "price": "50.00"}, {"starts_at": "2100-05-17T09:00:00Z"}
CATEGORY = {"slug": "windows", "name": "Windows"}
LISTED = {**JOB, "category": CATEGORY["slug"]}
PACKAGE = {**LISTED, "stock": 2}
GROUNDS = {"reason": "A user complained."}
GOOD, BETTER = {"overall_rating": 4}, {"overall_rating": 5}


class Step(NamedTuple):
    """A step of a simulated user.

    Args:
        often: The relative frequency.
        method: The HTTP method.
        path: The path; `{thing}` is the path of the object.
        about: The kind of object, if any: a job, a package, a topic (either of them), an offer, a
            booking, an order or a question.
        who: The role that may take it: anyone, seller, staff, or an attribute of the object.
        body: The JSON body.
    """

    often: float
    method: str
    path: str
    about: str = ""
    who: str = "anyone"
    body: dict[str, Any] | None = None


STEPS = {
    "post": Step(1, "POST", "/cleanings", body=JOB),
    "post_dated": Step(2, "POST", "/cleanings", body={**JOB, **LATER}),
    "post_listed": Step(1, "POST", "/cleanings", body=LISTED),
    "browse": Step(3, "GET", "/cleanings"),
    "follow": Step(3, "GET", "/feed/cleanings"),
    "present": Step(2, "PATCH", "/profiles/me", body={"bio": "{number}"}),
    "refresh": Step(1, "POST", "/auth/token"),
    "log_in": Step(0.5, "POST", "/auth/token"),
    "leave": Step(0.1, "DELETE", "/users/me"),
    "block": Step(0.3, "POST", "/admin/users/{person}/block", who="staff", body=GROUNDS),
    "unblock": Step(3, "DELETE", "/admin/users/{person}/block", who="staff"),
    "read": Step(6, "GET", "{thing}", "job"),
    "edit": Step(5, "PATCH", "{thing}", "job", "owner", {"description": "Room {number}"}),
    "restart": Step(2, "PATCH", "{thing}", "job", "owner", LATER),
    "cancel": Step(0.4, "POST", "{thing}/cancellation", "job", "owner"),
    "delete": Step(0.3, "DELETE", "{thing}", "job", "owner"),
    "hide": Step(0.5, "POST", "/admin{thing}/hiding", "job", "staff", GROUNDS),
    "show": Step(2, "DELETE", "/admin{thing}/hiding", "job", "staff"),
    "offer": Step(20, "POST", "{thing}/offers", "job", body={}),
    "list": Step(4, "GET", "{thing}/offers", "job", "owner"),
    "revise": Step(5, "PATCH", "{thing}", "offer", "cleaner", {"message": "At {number}?"}),
    "renew": Step(14, "POST", "{thing}/renewal", "offer", "cleaner"),
    "reject": Step(2, "POST", "{thing}/rejection", "offer", "owner"),
    "withdraw": Step(3, "POST", "{thing}/withdrawal", "offer", "cleaner"),
    "accept": Step(12, "POST", "{thing}/acceptance", "offer", "owner"),
    "hide_offer": Step(0.5, "POST", "/admin{thing}/hiding", "offer", "staff", GROUNDS),
    "show_offer": Step(1, "DELETE", "/admin{thing}/hiding", "offer", "staff"),
    "report": Step(2, "POST", "{thing}/completion-report", "booking", "cleaner"),
    "complete": Step(1, "POST", "{thing}/completion", "booking", "owner"),
    "call_off": Step(4, "POST", "{thing}/cancellation", "booking", "cleaner"),
    "miss": Step(3, "POST", "{thing}/no-show", "booking", "owner"),
    "rate": Step(3, "POST", "{thing}/evaluation", "booking", "owner", GOOD),
    "rate_owner": Step(2, "POST", "{thing}/evaluation", "booking", "cleaner", BETTER),
    "list_job": Step(1, "PATCH", "{thing}", "job", "owner", {"category": CATEGORY["slug"]}),
    "draft": Step(2, "POST", "/packages", who="seller", body=PACKAGE),
    "publish": Step(6, "POST", "{thing}/publication", "package", "owner"),
    "pause": Step(0.5, "POST", "{thing}/pause", "package", "owner"),
    "archive": Step(0.3, "POST", "{thing}/archival", "package", "owner"),
    "restock": Step(2, "POST", "{thing}/stock", "package", "owner", {"by": 1}),
    "edit_package": Step(
        1, "PATCH", "{thing}", "package", "owner", {"description": "No. {number}"}
    ),
    "hide_package": Step(0.3, "POST", "/admin{thing}/hiding", "package", "staff", GROUNDS),
    "show_package": Step(1, "DELETE", "/admin{thing}/hiding", "package", "staff"),
    "order": Step(20, "POST", "/orders", "package"),
    "accept_order": Step(4, "POST", "{thing}/acceptance", "order", "cleaner"),
    "decline_order": Step(2, "POST", "{thing}/declination", "order", "cleaner"),
    "cancel_order": Step(3, "POST", "{thing}/cancellation", "order", "owner"),
    "ask": Step(4, "POST", "{thing}/questions", "topic", body={"text": "No. {number}?"}),
    "answer": Step(8, "POST", "{thing}/answers", "question", "owner", {"text": "No. {number}."}),
    "go_on": Step(4, "POST", "{thing}/answers", "question", "author", {"text": "And {number}?"}),
    "reword": Step(2, "PATCH", "{thing}", "question", "author", {"text": "Or {number}?"}),
    "drop": Step(0.5, "DELETE", "{thing}", "question", "author"),
}
"""By name. Steps on an offer or a booking are skipped until there is one."""


class Attempt(NamedTuple):
    """An attempt at a step.

    Args:
        name: The name of the step.
        person: The user who takes it.
        thing: The object of the step, if any.
        path: The path of the request.
        options: Arguments of the request for httpx.
    """

    name: str
    person: Person
    thing: Thing | None
    path: str
    options: dict[str, Any]

    async def send(self, client: httpx.AsyncClient) -> httpx.Response:
        """Sends the request."""
        return await client.request(STEPS[self.name].method, self.path, **self.options)
