"""Requests with an idempotency key."""

from httpx import Response

from tests.factories.users import PASSWORD, Actor

NAME, KEY = "Idempotency-Key", "8e03978e-40d5-43dd-bc93-6894a57f9324"
KEYED = {NAME: KEY}
DRAFT = {"name": "Oven scrub", "price": "50.00"}
NEWCOMER = {"email": "newcomer@example.com", "username": "newcomer", "password": PASSWORD}
OF_THE_REQUEST = {"x-request-id", "idempotency-replayed"}


def check_same(first: Response, again: Response) -> None:
    """Compares an answer with the one that was given before."""
    assert again.status_code == first.status_code
    assert again.content == first.content
    headers = [
        {name: response.headers[name] for name in response.headers.keys() - OF_THE_REQUEST}
        for response in (first, again)
    ]
    assert headers[0] == headers[1]
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.headers["X-Request-ID"] != first.headers["X-Request-ID"]


def check_problem(response: Response, status: int, code: str) -> None:
    assert (response.status_code, response.json()["code"]) == (status, code)


async def post(actor: Actor, **headers: str) -> Response:
    """Posts a job, with the same key each time."""
    return await actor.post("/cleanings", DRAFT, headers={**KEYED, **headers})


async def posted(actor: Actor) -> int:
    """The number of jobs of a user."""
    return len(await actor.items("/cleanings", owner=actor.username))
