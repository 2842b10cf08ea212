"""Account enumeration: nothing in an answer, or in its time, may tell which accounts exist."""

from httpx import Response

from tests.statements import Heard


def shown(response: Response) -> tuple[int, set[str], object]:
    """What of an answer could tell whether there is an account."""
    body = response.json()
    for name in ("id", "created_at", "updated_at", "username", "email"):
        body.pop(name, None)
    body["pending_email"] = bool(body.get("pending_email"))  # which it is, the caller has said
    return response.status_code, set(response.headers), body


def sql(heard: list[Heard]) -> list[str]:
    """The statements that were run, without what the driver asks once per connection."""
    once = ("set_config('jit'", "pg_catalog")
    return [statement.sql for statement in heard if not any(it in statement.sql for it in once)]
