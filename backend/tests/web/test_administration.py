"""Accounts on the pages of staff."""

from typing import Any

import pytest

from app.db.models.users import UserRole
from tests.factories.browsers import Browser, browser_of
from tests.factories.cleanings import make_cleaning
from tests.factories.second_factors import make_careful_member
from tests.factories.users import Actor, Market, make_user
from tests.staff import AUDITED, GROUNDS, SUPERUSER, audited, make_staff

PEOPLE = "/staff/people"
REASON = GROUNDS["reason"]
ID = "019a0000-0000-7000-8000-000000000000"
ACTS = {
    "block": "blocked",
    "unblocking": "unblocked",
    "deactivation": "deactivated",
    "reactivation": "reactivated",
    "end-of-sessions": "sessions_ended",
}


def page_of(actor: Actor) -> str:
    """The page of an account."""
    return f"{PEOPLE}/{actor.id}"


async def reads(staff: Actor, **filters: Any) -> list[str]:
    """The acts in the audit, the newest first."""
    entries = await staff.items("/admin/audit", actor_id=str(staff.id), **filters)
    return [entry["action"] for entry in entries if entry["action"] != "audit_read"]


class TestFinding:
    async def test_goes_by_the_beginning_of_a_name_and_is_recorded(self, market: Market) -> None:
        staff, wanted = await make_staff(market), await make_user(market)
        other = await make_user(market)
        browser = await browser_of(market, staff)
        page = await browser.open(f"{PEOPLE}?q={wanted.username.upper()}&role=user&state=")
        assert page_of(wanted) in page.links
        assert page_of(other) not in page.links
        assert (await reads(staff))[0] == "accounts_listed"

    async def test_goes_on_behind_the_last_account(self, market: Market) -> None:
        staff, users = await make_staff(market), [await make_user(market) for _ in range(3)]
        browser = await browser_of(market, staff)
        page = await browser.open(f"{PEOPLE}?role=user&limit=2")
        (more,) = [link for link in page.links if "cursor=" in link]
        assert page_of(users[0]) in (await browser.open(more)).links

    async def test_says_when_no_account_matches(self, market: Market) -> None:
        browser = await browser_of(market, await make_staff(market))
        assert "No account matches" in (await browser.open(f"{PEOPLE}?q=nothing-like-it")).text

    async def test_leaves_out_a_filter_that_is_none(self, market: Market) -> None:
        browser = await browser_of(market, await make_staff(market))
        assert "One thing needs another look" in (await browser.open(f"{PEOPLE}?role=king")).text


class TestLookingUp:
    async def test_finds_an_address_in_any_case(self, market: Market) -> None:
        staff, wanted = await make_staff(market), await make_user(market)
        browser = await browser_of(market, staff)
        page = await browser.open(f"{PEOPLE}/lookup")
        page = await browser.send(page, f"{PEOPLE}/lookup", email=wanted.email.upper())
        assert page.path == page_of(wanted)
        assert (await reads(staff))[:2] == ["account_read", "account_looked_up"]

    async def test_of_an_unknown_address_is_recorded(self, market: Market) -> None:
        staff = await make_staff(market)
        browser = await browser_of(market, staff)
        page = await browser.open(f"{PEOPLE}/lookup")
        page = await browser.send(page, f"{PEOPLE}/lookup", 422, email="none@example.com")
        assert page.problems == {"email": "No account has this address."}
        assert ("email", "none@example.com") in page.form(f"{PEOPLE}/lookup").fields
        assert (await reads(staff))[0] == "account_looked_up"

    async def test_of_no_address_says_so(self, market: Market) -> None:
        browser = await browser_of(market, await make_staff(market))
        page = await browser.open(f"{PEOPLE}/lookup")
        page = await browser.send(page, f"{PEOPLE}/lookup", 422, email="nothing")
        assert "email" in page.problems


class TestAnAccount:
    async def test_is_shown_to_staff_and_its_reading_recorded(self, market: Market) -> None:
        staff, user = await make_staff(market), await make_user(market)
        page = await (await browser_of(market, staff)).open(page_of(user))
        assert user.email in page.text
        assert f"/staff/audit?user_id={user.id}" in page.links
        assert (await reads(staff))[0] == "account_read"

    async def test_that_is_none_is_not_found(self, market: Market) -> None:
        browser = await browser_of(market, await make_staff(market))
        for path in (f"{PEOPLE}/{ID}", f"{PEOPLE}/{ID}/block"):
            assert "Account not found." in (await browser.open(path, 404)).text

    async def test_offers_acts_on_lower_ranks_only(self, market: Market) -> None:
        staff, superuser = await make_staff(market), await make_user(market, role=SUPERUSER)
        user = await make_user(market)
        shown = {
            (caller.username, other.username): f"{page_of(other)}/block" in page.links
            for caller in (staff, superuser)
            for browser in [await browser_of(market, caller)]
            for other in (user, staff, superuser)
            for page in [await browser.open(page_of(other))]
        }
        allowed = {pair for pair, is_allowed in shown.items() if is_allowed}
        assert allowed == {
            (staff.username, user.username),
            (superuser.username, user.username),
            (superuser.username, staff.username),
        }

    async def test_of_a_deleted_person_can_not_be_changed(self, market: Market) -> None:
        user = await make_user(market)
        await user.delete("/users/me")
        page = await (await browser_of(market, await make_staff(market))).open(page_of(user))
        assert "A deleted account can't be changed." in page.text
        assert f"{page_of(user)}/block" not in page.links


class TestActing:
    @pytest.mark.parametrize(("act", "action"), ACTS.items())
    async def test_is_asked_about_and_recorded_with_its_grounds(
        self, market: Market, act: str, action: str
    ) -> None:
        staff, user = await make_staff(market), await make_user(market)
        browser = await browser_of(market, staff)
        question = await browser.open(f"{page_of(user)}/{act}")
        page = await browser.send(question, f"{page_of(user)}/{act}", reason=REASON)
        assert page.path == page_of(user)
        details = AUDITED if act in {"block", "deactivation"} else GROUNDS
        assert (await audited(staff, user))[0] == (action, staff.username, details)

    @pytest.mark.parametrize("act", ["block", "deactivation"])
    async def test_that_harms_needs_grounds(self, market: Market, act: str) -> None:
        staff, user = await make_staff(market), await make_user(market)
        browser = await browser_of(market, staff)
        question = await browser.open(f"{page_of(user)}/{act}")
        page = await browser.send(question, f"{page_of(user)}/{act}", 422, reason=" ")
        assert set(page.problems) == {"reason"}
        assert await audited(staff, user) == []

    async def test_blocks_and_unblocks(self, market: Market) -> None:
        job = await make_cleaning(market)
        browser = await browser_of(market, await make_staff(market))
        for act, status, text in (
            ("block", 404, "The account is blocked."),
            ("unblocking", 200, "The account is not blocked any more."),
        ):
            question = await browser.open(f"{page_of(job.owner)}/{act}")
            page = await browser.send(question, f"{page_of(job.owner)}/{act}", reason=REASON)
            assert text in page.text
            await Browser(market).open(f"/jobs/{job.data['id']}", status)

    async def test_on_a_higher_rank_is_refused(self, market: Market) -> None:
        staff, superuser = await make_staff(market), await make_user(market, role=SUPERUSER)
        browser = await browser_of(market, staff)
        question = await browser.open(f"{page_of(superuser)}/block")
        page = await browser.send(question, f"{page_of(superuser)}/block", 403, reason=REASON)
        assert "Staff may act on users, superusers on all accounts but their own." in page.text
        assert ("reason", REASON) in page.form(f"{page_of(superuser)}/block").fields


class TestASecondFactor:
    async def test_is_removed_after_a_delay_or_kept(self, market: Market) -> None:
        staff = await make_staff(market)
        user, _, _ = await make_careful_member(market)
        browser = await browser_of(market, staff)
        assert f"{page_of(user)}/second-factor-removal" in (await browser.open(page_of(user))).links
        question = await browser.open(f"{page_of(user)}/second-factor-removal")
        page = await browser.send(question, f"{page_of(user)}/second-factor-removal", reason=REASON)
        assert "removed after 72 hours" in page.text
        question = await browser.open(f"{page_of(user)}/kept-second-factor")
        page = await browser.send(question, f"{page_of(user)}/kept-second-factor")
        assert "The second factor is kept." in page.text
        acts = [action for action, *_ in await audited(staff, user)]
        assert acts[:2] == ["second_factor_removal_cancelled", "second_factor_removal_requested"]

    async def test_that_is_none_can_not_be_removed(self, market: Market) -> None:
        user = await make_user(market)
        browser = await browser_of(market, await make_staff(market))
        question = await browser.open(f"{page_of(user)}/second-factor-removal")
        await browser.send(question, f"{page_of(user)}/second-factor-removal", 404, reason=REASON)


class TestARole:
    async def test_is_given_by_superusers(self, market: Market) -> None:
        superuser, user = await make_user(market, role=SUPERUSER), await make_user(market)
        browser = await browser_of(market, superuser)
        page = await browser.open(f"{page_of(user)}/role")
        assert ("role", "user") in page.form(f"{page_of(user)}/role").fields
        page = await browser.send(page, f"{page_of(user)}/role", role=UserRole.STAFF)
        assert "The role is changed." in page.text
        (given,) = await audited(superuser, user)
        assert given == (
            "role_changed",
            superuser.username,
            {"before": "user", "role": "staff"},
        )

    async def test_is_not_given_by_staff(self, market: Market) -> None:
        user = await make_user(market)
        browser = await browser_of(market, await make_staff(market))
        await browser.open(f"{page_of(user)}/role", 403)
        response = await browser.post(f"{page_of(user)}/role", role="staff")
        assert response.status_code == 403

    async def test_of_a_superuser_is_not_given_to_oneself(self, market: Market) -> None:
        superuser = await make_user(market, role=SUPERUSER)
        browser = await browser_of(market, superuser)
        page = await browser.open(f"{page_of(superuser)}/role")
        page = await browser.send(page, f"{page_of(superuser)}/role", 403, role="user")
        assert "superusers on all accounts but their own" in page.text
