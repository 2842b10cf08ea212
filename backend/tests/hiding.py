"""Staff hides and shows jobs, offers and evaluations."""

from httpx import Response

from tests.factories.users import Actor

GROUNDS = {"reason": "Not a cleaning job."}
AUDITED = GROUNDS | {"rule": "terms"}
"""The audit of a thing that was hidden without naming a rule."""


async def hide(staff: Actor, path: str) -> Response:
    """Staff hides what is found at a path."""
    response = await staff.post(f"/admin{path}/hiding", GROUNDS)
    assert response.status_code == 204, response.text
    return response


async def show(staff: Actor, path: str) -> Response:
    """Staff hides it no longer."""
    response = await staff.delete(f"/admin{path}/hiding")
    assert response.status_code == 204, response.text
    return response
