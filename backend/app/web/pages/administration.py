"""Accounts: staff finds, blocks and deactivates them, ends their sessions and gives roles."""

from dataclasses import dataclass
from http import HTTPStatus
from uuid import UUID

from starlette.responses import Response

from app.core.catalogues import N_
from app.db.models.administration import (
    AccountAddress,
    AccountFilters,
    Grounds,
    RestrictionGrounds,
    RoleGiven,
)
from app.db.models.users import UserNotFound
from app.db.repositories.administration import AdministrationReader
from app.services.administration import AdministrationService
from app.web.acts import Act, act_page, grounds_of
from app.web.forms import Form
from app.web.rendering import Template
from app.web.routing import Access, Pages
from app.web.views import json_list
from app.web.views.administration import ACCOUNTS, Account, AccountDetail
from app.web.visits import Visit

PEOPLE = "/staff/people"
PERSON = f"{PEOPLE}/{{user_id:uuid}}"

SAID = {
    "account_blocked": N_("The account is blocked."),
    "account_unblocked": N_("The account is not blocked any more."),
    "account_deactivated": N_("The account is deactivated."),
    "account_reactivated": N_("The account is active again."),
    "account_sessions_ended": N_("All sessions of the account have ended."),
    "role_given": N_("The role is changed."),
}

pages = Pages(Access.STAFF)


@dataclass(frozen=True)
class PeoplePage(Template, file="administration/people.html"):
    """The list of accounts.

    Args:
        form: The filters.
        accounts: The accounts.
        more: The address of the next page.
    """

    form: Form
    accounts: list[Account]
    more: str | None


@dataclass(frozen=True)
class LookupPage(Template, file="administration/lookup.html"):
    """The question for an email address.

    Args:
        form: The address.
    """

    form: Form


@dataclass(frozen=True)
class PersonPage(Template, file="administration/person.html"):
    """An account.

    Args:
        account: The account.
        may_act: Whether the caller may act on it.
    """

    account: AccountDetail
    may_act: bool


@dataclass(frozen=True)
class RolePage(Template, file="administration/role.html"):
    """The choice of a role.

    Args:
        form: The role.
        about: The name of the account.
        there: The page of the account.
    """

    form: Form
    about: str
    there: str


def administration(visit: Visit) -> AdministrationService:
    """The use cases of administration."""
    return AdministrationService(visit.transaction, visit.client)


@pages.get(PEOPLE, is_recorded=True)
async def show_people(visit: Visit) -> Response:
    """The accounts that match all filters, newest first."""
    form = visit.asked()
    filters = visit.filters(AccountFilters, form)
    page = await administration(visit).search(visit.caller, filters, visit.listing.part(filters))
    found = ACCOUNTS.validate_json(json_list(page))
    return visit.page(PeoplePage(form, found, visit.more(page)))


@pages.get(f"{PEOPLE}/lookup")
async def show_lookup(visit: Visit) -> Response:
    """The question for an email address."""
    return visit.page(LookupPage(visit.form_at(f"{PEOPLE}/lookup")))


@pages.post(f"{PEOPLE}/lookup", again=show_lookup)
async def look_up_person(visit: Visit) -> Response:
    """Finds the account with an email address, which the audit records also if there is none."""
    email = visit.read(AccountAddress).email
    try:
        item = await administration(visit).look_up(visit.caller, email)
    except UserNotFound:
        visit.sent.problems["email"] = visit.translate(N_("No account has this address."))
        visit.status = HTTPStatus.UNPROCESSABLE_ENTITY
        return await show_lookup(visit)
    return visit.see(f"{PEOPLE}/{AccountDetail.model_validate_json(item.json).id}")


@pages.get(PERSON, is_recorded=True)
async def show_person(visit: Visit, user_id: UUID) -> Response:
    """An account as staff sees it."""
    item = await administration(visit).read(visit.caller, user_id)
    account = AccountDetail.model_validate_json(item.json)
    may_act = visit.viewer is not None and account.is_below(visit.viewer)
    return visit.page(PersonPage(account, may_act))


async def read_account(visit: Visit, user_id: UUID) -> Account:
    """What members see of an account, too, so that the audit need not record it."""
    item = await AdministrationReader(visit.reads).one(visit.caller, user_id)
    return Account.model_validate_json(item.json)


def add_act(to: Pages, act: Act) -> None:
    """Adds the page that asks about an act on an account, and its form."""
    path = f"{PERSON}/{act.path}"

    async def show(visit: Visit, user_id: UUID) -> Response:
        account = await read_account(visit, user_id)
        return act_page(visit, act, account.name, f"{PEOPLE}/{user_id}")

    async def carry_out(visit: Visit, user_id: UUID) -> Response:
        await act.carry_out(visit, user_id, grounds_of(visit, act))
        return visit.see(f"{PEOPLE}/{user_id}", act.said)

    to.get(path)(show)
    to.post(path, again=show)(carry_out)


async def block(visit: Visit, user_id: UUID, grounds: RestrictionGrounds) -> None:
    """Blocks an account."""
    await administration(visit).block(visit.caller, user_id, grounds)


async def unblock(visit: Visit, user_id: UUID, grounds: Grounds | None) -> None:
    """Unblocks an account."""
    await administration(visit).unblock(visit.caller, user_id, grounds)


async def deactivate(visit: Visit, user_id: UUID, grounds: RestrictionGrounds) -> None:
    """Deactivates an account."""
    await administration(visit).deactivate(visit.caller, user_id, grounds)


async def reactivate(visit: Visit, user_id: UUID, grounds: Grounds | None) -> None:
    """Reactivates an account."""
    await administration(visit).reactivate(visit.caller, user_id, grounds)


async def end_sessions(visit: Visit, user_id: UUID, grounds: Grounds | None) -> None:
    """Ends the sessions of an account."""
    await administration(visit).end_sessions(visit.caller, user_id, grounds)


ACTS = (
    Act(
        "block",
        N_("Block this account?"),
        N_(
            "It can't be used any more. Its jobs are hidden, its packages archived, its orders "
            "end, and its offers can't be accepted."
        ),
        N_("Block"),
        "account_blocked",
        block,
        grounds=RestrictionGrounds,
    ),
    Act(
        "unblocking",
        N_("Unblock this account?"),
        N_("It can be used again, and its jobs are shown. Its packages stay archived."),
        N_("Unblock"),
        "account_unblocked",
        unblock,
        needs_grounds=False,
    ),
    Act(
        "deactivation",
        N_("Deactivate this account?"),
        N_("It can't be used any more, but its jobs stay visible."),
        N_("Deactivate"),
        "account_deactivated",
        deactivate,
        grounds=RestrictionGrounds,
    ),
    Act(
        "reactivation",
        N_("Reactivate this account?"),
        N_("It can be used again."),
        N_("Reactivate"),
        "account_reactivated",
        reactivate,
        needs_grounds=False,
    ),
    Act(
        "end-of-sessions",
        N_("End all sessions of this account?"),
        N_("It is logged out everywhere, and its API keys are deleted."),
        N_("End sessions"),
        "account_sessions_ended",
        end_sessions,
        needs_grounds=False,
    ),
)
for each in ACTS:
    add_act(pages, each)


@pages.get(f"{PERSON}/role", Access.SUPERUSERS)
async def show_role(visit: Visit, user_id: UUID) -> Response:
    """The choice of a role."""
    account = await read_account(visit, user_id)
    form = visit.form_at(f"{PEOPLE}/{user_id}/role", {"role": account.role})
    return visit.page(RolePage(form, account.name, f"{PEOPLE}/{user_id}"))


@pages.post(f"{PERSON}/role", Access.SUPERUSERS, again=show_role)
async def give_role(visit: Visit, user_id: UUID) -> Response:
    """Gives an account a role."""
    role = visit.read(RoleGiven).role
    await administration(visit).give_role(visit.caller, user_id, role)
    return visit.see(f"{PEOPLE}/{user_id}", "role_given")
