"""The audit on the pages of staff."""

import ast
from datetime import timedelta
from string import Formatter

from app.db.models.administration import RestrictionGrounds
from app.db.models.fields import now
from app.db.models.kinds import AuditAction
from app.web.views.audit import FACTS, HIDDEN, WORDS
from tests.factories.browsers import Browser, browser_of
from tests.factories.users import Market, make_user
from tests.server import BACKEND
from tests.staff import GROUNDS, act, make_staff

AUDIT = "/staff/audit"
RECORDING = {"self._audit.record", "self._acts.record"}
"""The calls that add entries."""


def test_each_act_has_words() -> None:
    assert set(WORDS) == set(AuditAction.all())


def test_each_fact_has_words() -> None:
    """Facts are named by the calls in the source, by grounds, and by the ids of hidden things."""
    sources = [ast.parse(file.read_text()) for file in (BACKEND / "app").rglob("*.py")]
    nodes = (node for source in sources for node in ast.walk(source))
    calls = [it for it in nodes if isinstance(it, ast.Call) and ast.unparse(it.func) in RECORDING]
    named = {keyword.arg for call in calls for keyword in call.keywords}
    ids = {name for path in HIDDEN.values() for _, name, *_ in Formatter().parse(path)}
    grounds = RestrictionGrounds(reason=GROUNDS["reason"]).facts
    assert set(FACTS) == (named | ids | set(grounds)) - {None, "actor_id", "user_id", "reason"}


class TestTheAudit:
    async def test_says_what_was_done_by_whom_and_why(self, market: Market) -> None:
        staff, user = await make_staff(market), await make_user(market)
        await act(staff, user, "block")
        page = await (await browser_of(market, staff)).open(f"{AUDIT}?action=blocked")
        assert "Account blocked" in page.text
        assert f"by {staff.username} , about {user.username}" in page.text
        assert GROUNDS["reason"] in page.text
        assert "Rule terms" in page.text
        assert f"/staff/people/{user.id}" in page.links

    async def test_names_the_factor_of_a_login(self, market: Market) -> None:
        staff, user = await make_staff(market), await make_user(market)
        await Browser(market).log_in(user)
        page = await (await browser_of(market, staff)).open(f"{AUDIT}?user_id={user.id}")
        assert "Logged in" in page.text
        assert "Factor password" in page.text

    async def test_of_one_account_is_recorded(self, market: Market) -> None:
        staff, user = await make_staff(market), await make_user(market)
        await act(staff, user, "deactivate")
        browser = await browser_of(market, staff)
        page = await browser.open(f"{AUDIT}?user_id={user.id}")
        assert f"Entries about {user.username}" in page.text
        page = await browser.open(f"{AUDIT}?actor_id={staff.id}&action=audit_read")
        assert f"Acts of {staff.username}" in page.text
        assert f"about {user.username}" in page.text

    async def test_keeps_its_filters_on_the_next_page(self, market: Market) -> None:
        staff, user = await make_staff(market), await make_user(market)
        for _ in range(3):
            await act(staff, user, "end sessions")
        browser = await browser_of(market, staff)
        page = await browser.open(f"{AUDIT}?action=sessions_ended&limit=2")
        (more,) = [link for link in page.links if "cursor=" in link]
        assert "action=sessions_ended" in more
        assert (await browser.open(more)).text.count(f"about {user.username}") == 1

    async def test_begins_and_ends_at_times_of_the_market(self, market: Market) -> None:
        staff, user = await make_staff(market), await make_user(market)
        await act(staff, user, "block")
        browser = await browser_of(market, staff)
        tomorrow = (now() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
        page = await browser.open(f"{AUDIT}?since={tomorrow}&until=")
        assert "No entry matches" in page.text
        page = await browser.open(f"{AUDIT}?until={tomorrow}&action=blocked")
        assert GROUNDS["reason"] in page.text

    async def test_leaves_out_a_filter_that_is_none(self, market: Market) -> None:
        browser = await browser_of(market, await make_staff(market))
        page = await browser.open(f"{AUDIT}?action=nonsense&since=nonsense")
        assert "2 things need another look" in page.text
