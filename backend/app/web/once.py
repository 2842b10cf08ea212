"""Forms that take effect once, however often they are sent.

Each form has a hidden field with a random name of its submission. It is an idempotency key: the
response to the first submission is stored with the change, and repeated to the others. A page with
a secret is not stored, nor is a session: the others lead to a page without it.
"""

from collections.abc import Awaitable, Callable

from starlette.responses import Response

from app.db.models.idempotency_keys import Answer, KeyedRequest
from app.db.repositories.idempotency_keys import IdempotencyKeyRepository
from app.http.idempotency_keys import REPLAYED, Replayed
from app.web.cookies import remembers
from app.web.forms import ONCE
from app.web.routing import Access, PageRoute
from app.web.visits import Visit

LONGEST = 64


async def answer_once(
    visit: Visit, route: PageRoute, content: bytes, endpoint: Callable[[], Awaitable[Response]]
) -> Response:
    """Handles a form, unless that was done before.

    The key of a visitor's form is claimed when the transaction begins: until then, while a password
    is hashed, it holds no connection.

    Args:
        visit: The request.
        route: The form.
        content: What makes the form differ from others, such as its body.
        endpoint: Handles it, in the transaction of the request.

    Raises:
        IdempotencyKeyInUse: The same form is being handled.
        IdempotencyKeyReused: The form was sent before with another content.
    """
    key = visit.sent.value(ONCE)[:LONGEST]
    if not key:
        return await endpoint()
    keys = IdempotencyKeyRepository(visit.transaction, visit.safeguards.keyring)
    keyed = _keyed(visit, route, key, content)

    async def claim() -> None:
        answer = await keys.claim(keyed)
        if answer is not None:
            headers = {**answer.headers, REPLAYED: "true"}
            raise Replayed(Response(answer.body, answer.status, headers))

    try:
        if route.access is Access.VISITORS:
            await visit.transaction.do_first(claim)
        else:
            await claim()
        response = await endpoint()
        kept = visit.repeated or response
        if "location" in kept.headers and not remembers(kept):  # no page that asks for more
            body = bytes(kept.body).decode()
            keys.keep(keyed, Answer(kept.status_code, dict(kept.headers), body))
        await visit.transaction.flush()
    except Replayed as replayed:
        return replayed.response
    return response


def _keyed(visit: Visit, route: PageRoute, key: str, content: bytes) -> KeyedRequest:
    """The submission of a form by its account, or by its network if visitors can send it.

    A registration starts a session, so its second submission may come from a user.
    """
    content = visit.request.scope["raw_path"] + b"\n" + content
    if route.access is Access.VISITORS:
        return KeyedRequest(None, visit.client.site, key, content)
    user_id = visit.caller.user_id
    return KeyedRequest(user_id, str(user_id), key, content)
