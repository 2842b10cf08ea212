"""Forms that take effect once, however often they are sent.

Each form has a hidden field with a random name of its submission. It is an idempotency key: the
response to the first submission is stored with the change, and repeated to the others. A page with
a secret is not stored: the others lead to a page without it.
"""

from collections.abc import Awaitable, Callable
from http import HTTPStatus

from starlette.responses import Response

from app.db.models.idempotency_keys import Answer, KeyedRequest
from app.db.repositories.idempotency_keys import IdempotencyKeyRepository
from app.http.idempotency_keys import REPLAYED
from app.web.cookies import remembers
from app.web.forms import ONCE
from app.web.visits import Visit

LONGEST = 64


class Sent:
    """A form that was sent.

    Args:
        visit: The request.
        content: What makes it differ from others, such as its body.
    """

    def __init__(self, visit: Visit, content: bytes) -> None:
        self._visit, self._content = visit, content
        self._key = visit.sent.value(ONCE)[:LONGEST]

    async def once(self, endpoint: Callable[[], Awaitable[Response]]) -> Response:
        """Handles the form, unless that was done before.

        Forms of visitors have no effect that a repetition would double, so no key is kept for them.

        Args:
            endpoint: Handles it, in the transaction of the request.

        Raises:
            IdempotencyKeyInUse: The same form is being handled.
            IdempotencyKeyReused: The form was sent before with another content.
        """
        visit = self._visit
        if not self._key or visit.optional_caller is None:
            return await endpoint()
        keys = IdempotencyKeyRepository(visit.transaction, visit.safeguards.keyring)
        user_id = visit.optional_caller.user_id
        content = visit.request.scope["raw_path"] + b"\n" + self._content
        keyed = KeyedRequest(user_id, str(user_id), self._key, content)
        answer = await keys.claim(keyed)
        if answer is not None:
            return Response(answer.body, answer.status, {**answer.headers, REPLAYED: "true"})
        response = await endpoint()
        if visit.repeated_at:
            kept = Answer(HTTPStatus.SEE_OTHER, {"location": visit.repeated_at}, "")
        elif "location" in response.headers and not remembers(response):
            body = bytes(response.body).decode()
            kept = Answer(response.status_code, dict(response.headers), body)
        else:
            return response  # a page that asks for more, or a login
        keys.keep(keyed, kept)
        await visit.transaction.flush()
        return response
