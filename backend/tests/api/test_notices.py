"""Letters about changes of how people log in, and about logins from elsewhere."""

from email.message import EmailMessage

import pytest

from tests.factories.api_keys import make_api_key
from tests.factories.second_factors import make_careful_member, make_second_factor
from tests.factories.sessions import log_in, make_member, of_answer, register
from tests.factories.users import PASSWORD, Market, market_from
from tests.mail import deliver, text_of

PHONE, LAPTOP = {"User-Agent": "Telephone/1.0"}, {"User-Agent": "Laptop/2.0"}
HOME, ABROAD = "203.0.113.7", "2001:db8:1:2::7"
NEW_LOGIN = "A new login to your account"


async def only_letter(market: Market) -> EmailMessage:
    """The one letter that is due."""
    (mail,) = await deliver(market)
    return mail


class TestALetterTells:
    async def test_of_a_second_factor_that_is_turned_on(self, market: Market) -> None:
        member = await make_member(market)
        await make_second_factor(market, member)
        mail = await only_letter(market)
        assert (mail["To"], mail["Subject"]) == (member.email, "Your second factor is on")

    async def test_of_one_that_is_turned_off(self, market: Market) -> None:
        member, _, _ = await make_careful_member(market)
        await deliver(market)
        await member.delete("/users/me/second-factor")
        assert (await only_letter(market))["Subject"] == "Your second factor is off"

    async def test_of_new_recovery_codes(self, market: Market) -> None:
        member, _, codes = await make_careful_member(market)
        await deliver(market)
        response = await member.post("/users/me/second-factor/recovery-codes")
        mail = await only_letter(market)
        assert mail["Subject"] == "New recovery codes for your account"
        for code in (*codes, *response.json()["recovery_codes"]):
            assert code not in text_of(mail)

    async def test_of_a_recovery_code_that_is_used(self, market: Market) -> None:
        member, _, codes = await make_careful_member(market)
        await deliver(market)
        await log_in(market, member.username, otp=codes[0])
        assert (await only_letter(market))["Subject"] == "A recovery code was used"

    async def test_of_a_new_api_key_without_the_key(self, market: Market) -> None:
        key = await make_api_key(market, await make_member(market), name="Call 555-0100 now")
        mail = await only_letter(market)
        assert mail["Subject"] == "A new API key for your account"
        assert key.program.token not in text_of(mail)
        assert "555-0100" not in text_of(mail)

    async def test_of_a_new_username(self, market: Market) -> None:
        member = await make_member(market)
        await member.patch("/users/me", {"username": "new-name"})
        mail = await only_letter(market)
        assert mail["Subject"] == "Your username has been changed"
        assert "new-name" in text_of(mail)

    async def test_of_nothing_that_has_not_changed(self, market: Market) -> None:
        member = await make_member(market)
        await member.patch("/users/me", {"username": member.username, "email": member.email})
        assert await deliver(market) == []

    async def test_of_nothing_once_the_account_is_deleted(self, market: Market) -> None:
        member = await make_member(market)
        await member.patch("/users/me", {"username": "new-name"})
        await member.delete("/users/me")
        assert await deliver(market) == []


class TestALogin:
    async def test_that_is_the_first_tells_nobody(self, market: Market) -> None:
        await register(market, username="anna")
        assert (await log_in(market, "anna")).status_code == 200
        assert await deliver(market) == []

    async def test_from_a_known_place_and_device_tells_nobody(self, market: Market) -> None:
        member = await make_member(market)
        for version in ("Firefox/145.0", "Firefox/146.0.1"):
            await log_in(market, member.username, **{"User-Agent": version})
        assert await deliver(market) == []

    async def test_from_another_place_tells_the_owner(self, market: Market) -> None:
        member = await make_member(market)
        await log_in(market_from(market, HOME), member.username)
        await log_in(market_from(market, ABROAD), member.username)
        mail = await only_letter(market)
        assert (mail["To"], mail["Subject"]) == (member.email, NEW_LOGIN)
        assert "2001:db8:1::/48" in text_of(mail)
        for place in (HOME, ABROAD):
            await log_in(market_from(market, place), member.username)
        assert await deliver(market) == []

    async def test_with_another_device_tells_the_owner(self, market: Market) -> None:
        member = await make_member(market)
        await log_in(market, member.username, **PHONE)
        await log_in(market, member.username, **LAPTOP)
        assert (await only_letter(market))["Subject"] == NEW_LOGIN

    async def test_that_fails_tells_nobody(self, market: Market) -> None:
        member = await make_member(market)
        await log_in(market_from(market, HOME), member.username)
        await log_in(market_from(market, ABROAD), member.username, "not the lighthouse")
        assert await deliver(market) == []

    @pytest.mark.parametrize(("device", "letters"), [(PHONE, 0), (LAPTOP, 1)])
    async def test_that_steps_up_is_one_too(
        self, market: Market, device: dict[str, str], letters: int
    ) -> None:
        member = await make_member(market)
        login, _ = of_answer(member, await log_in(market, member.username, **PHONE))
        response = await login.post("/auth/step-up", {"password": PASSWORD}, headers=device)
        assert response.status_code == 200
        assert len(await deliver(market)) == letters
