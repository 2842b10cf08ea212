"""Scopes: what an API key is good for, for every operation, present and to come."""

from dataclasses import replace

import pytest
from httpx import Response

from app.api.dependencies.authentication import Token
from app.db.models.kinds import Scope
from app.http.scopes import scope_needed
from tests.api.test_access import NOWHERE
from tests.factories.api_keys import make_api_key
from tests.factories.users import Actor, Market
from tests.features import collected
from tests.operations import DOCUMENT, OPERATIONS, Operation
from tests.processes import another_process

OPERATIONS_OF: dict[str, set[str]] = collected("scopes")
"""What can be done with which scope. Whatever is not named here is closed to keys."""

ALSO_NEEDED: dict[str, set[str]] = collected("also_needed")
SCOPE_OF = {name: scope for scope, names in OPERATIONS_OF.items() for name in names}
GUARDED = [operation for operation in OPERATIONS if operation.needs_login]
OPEN = [operation for operation in GUARDED if str(operation) in SCOPE_OF]
CLOSED = [operation for operation in GUARDED if str(operation) not in SCOPE_OF]


async def call(actor: Actor, operation: Operation) -> Response:
    return await actor.request(operation.method, operation.url(NOWHERE), **operation.good_content)


@pytest.mark.usefixtures("way")
class TestEveryOperation:
    @pytest.mark.parametrize("operation", OPEN, ids=str)
    async def test_with_a_scope_takes_keys_that_have_it(
        self, market: Market, operation: Operation
    ) -> None:
        name = str(operation)
        scopes = [SCOPE_OF[name], *ALSO_NEEDED.get(name, ())]
        key = await make_api_key(market, scopes=scopes)
        answer, expected = await call(key.program, operation), await call(key.owner, operation)
        assert answer.status_code == expected.status_code not in (401, 403)
        if not answer.is_success:
            assert answer.json()["code"] == expected.json()["code"]

    @pytest.mark.parametrize("operation", OPEN, ids=str)
    async def test_with_a_scope_takes_none_that_have_all_others(
        self, market: Market, operation: Operation
    ) -> None:
        needed = SCOPE_OF[str(operation)]
        key = await make_api_key(market, scopes=sorted(set(Scope.all()) - {needed}))
        answer = await call(key.program, operation)
        assert answer.status_code == 403
        assert answer.json()["code"] == "insufficient_scope"
        challenge = f'Bearer error="insufficient_scope", scope="{needed}"'
        assert answer.headers["WWW-Authenticate"] == challenge

    @pytest.mark.parametrize("operation", CLOSED, ids=str)
    async def test_without_one_takes_no_keys(self, market: Market, operation: Operation) -> None:
        key = await make_api_key(market)
        answer = await call(key.program, operation)
        assert answer.status_code == 403
        assert answer.json()["code"] == "session_needed"


class TestTheDocumentation:
    async def test_knows_every_scope_and_operation(self) -> None:
        assert OPERATIONS_OF.keys() == set(Scope.all())
        assert SCOPE_OF.keys() == {str(operation) for operation in OPEN}

    @pytest.mark.parametrize("operation", GUARDED, ids=str)
    async def test_says_which_scope_is_needed(self, operation: Operation) -> None:
        needed = SCOPE_OF.get(str(operation))
        keys = [{"ApiKey": [needed]}] if needed else []
        assert operation.details["security"] == [{"OAuth2PasswordBearer": []}, *keys]

    async def test_says_how_keys_are_sent(self) -> None:
        scheme = DOCUMENT["components"]["securitySchemes"]["ApiKey"]
        assert scheme["type"] == "http"
        assert scheme["scheme"] == "bearer"


class TestARouteOfNoKnownResource:
    @pytest.mark.parametrize("tags", [[], ["letters"], ["feed", "letters"]])
    @pytest.mark.parametrize("reads", [True, False])
    def test_has_no_scope(self, tags: list[str], *, reads: bool) -> None:
        assert scope_needed(tags, reads=reads) is None

    async def test_is_not_found_if_it_is_declared_in_another_way(self, market: Market) -> None:
        async def read(_: Token) -> dict[str, str]:
            return {"told": "everything"}

        key = await make_api_key(market)
        async with another_process(market) as elsewhere:
            elsewhere.app.add_api_route("/api/v1/messages", read, tags=["feed"])
            program = replace(key.program, client=elsewhere.client)
            answer = await program.get("/messages")
        assert answer.status_code == 404
