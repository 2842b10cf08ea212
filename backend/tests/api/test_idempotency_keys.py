"""Idempotency keys: who sends a request once more gets the same answer, and nothing more is done."""

from tests.factories.users import Market, make_user

KEY = {"Idempotency-Key": "8e03978e-40d5-43dd-bc93-6894a57f9324"}
DRAFT = {"name": "Oven scrub", "price": "50.00"}


class TestSendingARequestAgain:
    async def test_is_answered_as_the_first(self, market: Market) -> None:
        user = await make_user(market)
        first, again = [await user.post("/cleanings", DRAFT, headers=KEY) for _ in range(2)]
        assert first.status_code == again.status_code == 201
        assert first.content == again.content
        assert len(await user.items("/cleanings")) == 1
