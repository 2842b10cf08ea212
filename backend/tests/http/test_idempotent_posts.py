"""Every POST with an idempotency key, as its documentation says."""

import re

import pytest

from app.http.problems import MEDIA_TYPE
from tests.api.access import CALLERS, entitled, scene_for
from tests.factories.users import Market, make_user
from tests.http.idempotency import KEYED, NAME, check_same
from tests.operations import OPERATIONS, Operation, resolved
from tests.rows import digest

ALL_ELSE = digest("idempotency_keys", "throttles")  # to send it again is another try

SECRET = {
    *("create_token", "step_up", "make_api_key"),
    *("make_webhook", "renew_webhook_secret"),
    *("prepare_second_factor", "confirm_second_factor", "renew_recovery_codes"),
}
"""What answers with secrets, which are not kept."""

POSTS = [operation for operation in OPERATIONS if operation.method == "POST"]
ONCE = [operation for operation in POSTS if str(operation) not in SECRET]


class TestEveryPost:
    @pytest.mark.parametrize("operation", POSTS, ids=str)
    async def test_documents_the_key_unless_it_answers_with_secrets(
        self, operation: Operation
    ) -> None:
        once = operation in ONCE
        assert (NAME in operation.parameters("header")) == once
        for status, code in {"409": "in_use", "422": "reused"}.items():
            response = operation.details["responses"].get(status)
            examples = response["content"][MEDIA_TYPE]["examples"] if response else {}
            assert (f"idempotency_key_{code}" in examples) == once

    @pytest.mark.parametrize("operation", POSTS, ids=str)
    async def test_takes_no_key_if_what_it_answers_has_the_name_of_a_secret(
        self, operation: Operation
    ) -> None:
        success = next(iter(operation.details["responses"].values()))
        (content,) = success.get("content", {"": {"schema": {}}}).values()
        fields = resolved(content["schema"]).get("properties", {})
        secrets = [name for name in fields if re.search("key$|token|secret|codes|password", name)]
        assert bool(secrets) == (operation not in ONCE)

    @pytest.mark.usefixtures("way")
    @pytest.mark.parametrize("operation", ONCE, ids=str)
    async def test_that_is_sent_again_gets_its_answer_again_and_does_nothing(
        self, market: Market, operation: Operation
    ) -> None:
        name = str(operation)
        scene = await scene_for(market, name)
        actor, content = await CALLERS[entitled(name)](scene), scene.content(name)
        content["headers"] = content.get("headers", {}) | KEYED
        first = await scene.call(actor, name, **content)
        assert first.is_success, first.text
        database = market.app.state.database
        done = await database.fetch(ALL_ELSE, ())
        for _ in range(2):
            check_same(first, await scene.call(actor, name, **content))
        assert await database.fetch(ALL_ELSE, ()) == done

    async def test_that_answers_with_secrets_passes_over_the_key(self, market: Market) -> None:
        user = await make_user(market)
        draft = {"name": "Calendar", "scopes": ["read:feed"]}
        for _ in range(2):
            response = await user.post("/users/me/api-keys", draft, headers={NAME: "a b"})
            assert response.status_code == 201
        assert await market.app.state.database.fetch("SELECT FROM idempotency_keys", ()) == []
