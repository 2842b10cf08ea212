"""How many statements each operation takes, BEGIN and COMMIT included: never more for more rows."""

from collections.abc import Awaitable
from itertools import count
from typing import Any

import pytest
from fastapi import FastAPI
from httpx import Response

from app.db.models.users import UserRole
from app.db.repositories.erasure import STATEMENTS
from tests.factories.bookings import make_finished_booking
from tests.factories.categories import category_slug, make_category
from tests.factories.checklists import bring_item
from tests.factories.cleanings import Job, date_back, make_cleaning
from tests.factories.evaluations import make_evaluation
from tests.factories.extras import bring_extra
from tests.factories.offers import make_offer
from tests.factories.second_factors import Authenticator, confirm, let_codes_change
from tests.factories.sessions import log_in, make_member, of_answer, step_up
from tests.factories.users import PASSWORD, Actor, Market, change_email, make_user
from tests.statements import recorded, statements

pytestmark = pytest.mark.committed

FEW, MANY = 1, 30
names = count(1)

WRITES = {
    "register": 6,
    "log in": 11,
    "refresh": 5,
    "step up": 17,
    "prepare second factor": 8,
    "confirm second factor": 12,
    "log in with a code": 14,
    "log in with a recovery code": 17,
    "renew recovery codes": 10,
    "remove second factor": 9,
    "log out": 5,
    "change account": 15,
    "make key": 7,
    "delete key": 5,
    "edit profile": 6,
    "post job": 5,
    "post job in a category": 5,
    "post job with extras": 5,
    "edit job": 6,
    "edit job without a change": 5,
    "cancel job": 9,
    "delete job": 9,
    "make offer": 5,
    "revise offer": 7,
    "withdraw offer": 7,
    "renew offer": 7,
    "reject offer": 7,
    "accept offer": 9,
    "cancel booking": 9,
    "mark as no-show": 9,
    "tick off": 7,
    "report work": 7,
    "complete booking": 7,
    "evaluate cleaner": 10,
    "evaluate owner": 10,
    "block": 14,
    "end sessions": 7,
    "give a role": 7,
    "hide job": 6,
    "hide offer": 7,
    "hide evaluation": 7,
    "delete account": 15 + len(STATEMENTS),
}
GROUNDS = {"reason": "Not a cleaning job."}


@pytest.fixture(autouse=True)
async def one_connection(app: FastAPI) -> None:
    """Begins with an empty pool: what the driver asks once per connection is soon asked."""
    await app.state.pool.close()


async def make_rivals(market: Market, job: Job, cleaners: list[Actor]) -> None:
    for cleaner in cleaners:
        await make_offer(market, job, cleaner)


class TestWriting:
    async def writes(self, market: Market, rivals: int) -> dict[str, int]:
        """Does all that there is to do, on jobs that so many others have made offers for."""
        taken: dict[str, int] = {}

        async def do(operation: str, request: Awaitable[Response]) -> Response:
            async with recorded(market.app) as heard:
                response = await request
            assert response.is_success, response.text
            assert taken.setdefault(operation, len(heard)) == len(heard), operation
            return response

        await self.account(market, do)
        cleaners = [await make_user(market) for _ in range(rivals)]
        await self.job(market, cleaners, do)
        await self.booking(market, cleaners, do)
        await self.administration(market, cleaners, do)
        return taken

    async def account(self, market: Market, do: Any) -> None:
        name = f"anna{next(names)}"
        draft = {"username": name, "email": f"{name}@example.com", "password": PASSWORD}
        await do("register", market.client.post("/users", json=draft))
        form = {"username": name, "password": PASSWORD}
        tokens = await do("log in", market.client.post("/auth/token", data=form))
        form = {
            "grant_type": "refresh_token",
            "refresh_token": tokens.json()["refresh_token"],
        }
        await do("refresh", market.client.post("/auth/token", data=form))
        user = await make_user(market)
        await do("change account", change_email(user, f"new-{name}@example.com"))
        await do("edit profile", user.patch("/profiles/me", {"bio": "Windows are my joy."}))
        wanted = {"name": "Calendar", "scopes": ["read:feed"]}
        key = await do("make key", user.post("/users/me/api-keys", wanted))
        await do("delete key", user.delete(f"/users/me/api-keys/{key.json()['id']}"))
        await self.second_factor(market, do)
        await do("log out", user.delete("/auth/token"))

    async def second_factor(self, market: Market, do: Any) -> None:
        member = await make_member(market)
        tokens = await do("step up", step_up(member))
        member, _ = of_answer(member, tokens)
        path, proof = "/users/me/second-factor", {"current_password": PASSWORD}
        secret = (await do("prepare second factor", member.post(path, proof))).json()["secret"]
        app = Authenticator(secret)
        answer = await do("confirm second factor", confirm(member, app.code()))
        await let_codes_change(market, member)
        await do("log in with a code", log_in(market, member.username, otp=app.code()))
        code = answer.json()["recovery_codes"][0]
        await do("log in with a recovery code", log_in(market, member.username, otp=code))
        await do("renew recovery codes", member.post(f"{path}/recovery-codes"))
        await do("remove second factor", member.delete(path))

    async def job(self, market: Market, cleaners: list[Actor], do: Any) -> None:
        owner, cleaner = await make_user(market), await make_user(market)
        await do("post job", owner.post("/cleanings", {"name": "Oven scrub", "price": "50.00"}))
        category = await make_category(market)
        draft = {"name": "Windows", "price": "50.00", "category": category["slug"]}
        await do("post job in a category", owner.post("/cleanings", draft))
        for change in ("edit job", "cancel job", "delete job"):
            offer = await make_offer(market, await make_cleaning(market, owner), cleaner)
            await make_rivals(market, offer.job, cleaners)
            if change == "edit job":
                await do(change, owner.patch(offer.job.path, {"price": "60.00"}))
                again = owner.patch(offer.job.path, {"price": "60.00"})
                await do("edit job without a change", again)
                await do("renew offer", cleaner.post(f"{offer.path}/renewal"))
                await do("withdraw offer", cleaner.post(f"{offer.path}/withdrawal"))
                await do("renew offer", cleaner.post(f"{offer.path}/renewal"))
                await do("revise offer", cleaner.patch(offer.path, {"price": "55.00"}))
                await do("reject offer", owner.post(f"{offer.path}/rejection"))
            elif change == "cancel job":
                await do(change, owner.post(f"{offer.job.path}/cancellation"))
            else:
                await do(change, owner.delete(offer.job.path))

    async def booking(self, market: Market, cleaners: list[Actor], do: Any) -> None:
        cleaner, owner = await make_user(market), await make_user(market)
        category = await category_slug(market)
        await bring_item(market, category)
        await bring_extra(market, category)
        for end in ("cancel booking", "mark as no-show", "complete booking"):
            draft: dict[str, Any] = {"name": "Oven", "price": "50", "category": category}
            draft["extras"] = ["oven"]
            response = await do("post job with extras", owner.post("/cleanings", draft))
            job = Job(owner, response.json(), "")
            await make_rivals(market, job, cleaners)
            offer = await do("make offer", cleaner.post(f"{job.path}/offers"))
            path = f"{job.path}/offers/{offer.json()['id']}/acceptance"
            booking = await do("accept offer", job.owner.post(path))
            path = f"{job.path}/bookings/{booking.json()['id']}"
            if end == "cancel booking":
                await do(end, cleaner.post(f"{path}/cancellation"))
            elif end == "mark as no-show":
                await date_back(market, job)
                await do(end, job.owner.post(f"{path}/no-show"))
            else:
                await do("tick off", cleaner.put(f"{path}/checklist/1", {"done": True}))
                await do("report work", cleaner.post(f"{path}/completion-report"))
                await do(end, job.owner.post(f"{path}/completion"))
                draft = {"overall_rating": 5}
                await do("evaluate cleaner", job.owner.post(f"{path}/evaluation", draft))
                await do("evaluate owner", cleaner.post(f"{path}/evaluation", draft))

    async def administration(self, market: Market, cleaners: list[Actor], do: Any) -> None:
        superuser = await make_user(market, role=UserRole.SUPERUSER)
        offer = await make_offer(market)
        await make_rivals(market, offer.job, cleaners)
        account = f"/admin/users/{offer.owner.id}"
        await do("hide job", superuser.post(f"/admin{offer.job.path}/hiding", GROUNDS))
        await do("hide offer", superuser.post(f"/admin{offer.path}/hiding", GROUNDS))
        await do("block", superuser.post(f"{account}/block", GROUNDS))
        await do("end sessions", superuser.delete(f"{account}/sessions"))
        await do("give a role", superuser.put(f"{account}/role", {"role": "staff"}))
        booking = await make_finished_booking(market)
        said = await make_evaluation(market, booking)
        path = f"/admin{booking.path}/evaluations/{said['id']}/hiding"
        await do("hide evaluation", superuser.post(path, GROUNDS))

    async def test_takes_as_many_statements_however_many_rivals_there_are(
        self, market: Market
    ) -> None:
        await self.writes(market, 1)
        for rivals in (FEW, MANY):
            taken = await self.writes(market, rivals)
            assert {"delete account": WRITES["delete account"], **taken} == WRITES

    async def test_deleting_an_account_takes_as_many_however_much_ends_with_it(
        self, market: Market
    ) -> None:
        taken = []
        await (await make_cleaning(market)).owner.delete("/users/me")  # looks array types up
        for rows in (2, 2, MANY):
            user = await make_user(market)
            for _ in range(rows):
                await make_offer(market, await make_cleaning(market, user))
                await make_offer(market, cleaner=user)
            taken.append(await statements(market.app, user.delete("/users/me")))
        assert taken == [WRITES["delete account"]] * 3
