"""Accounts: registration, the way to log in, and deletion."""

from dataclasses import dataclass

from starlette.responses import Response

from app.core.catalogues import N_
from app.core.versions import ExpectedVersion
from app.db.models.second_factors import SecondFactorPublic
from app.db.models.users import UserCreate, UserUpdate
from app.db.repositories.second_factors import SecondFactorReader
from app.db.repositories.users import UserReader
from app.services.users import UserService
from app.web.cookies import forget, remember
from app.web.forms import Form
from app.web.logins import HOME, safe
from app.web.pages.links import VERIFY_EMAIL
from app.web.pages.sessions import LOGGED_OUT, session_service
from app.web.rendering import Template
from app.web.routing import Access, Pages
from app.web.views.users import Account
from app.web.visits import Visit

SIGNUP = "/signup"
FIRST_PAGES = {"customer": "/jobs/new", "cleaner": HOME}
"""Where a new user begins, by what they have come for."""

SAID = {
    "account_made": N_("Welcome! Your account is ready."),
    "account_pending": N_("Almost done: open the link in the mail that we have sent to you."),
    "account_deleted": N_("Your account is deleted. Goodbye!"),
    "username_changed": N_("Your username is changed."),
    "password_changed": N_("Your password is changed. You are logged out on all other devices."),
    "email_changed": N_("Your email address is changed."),
    "email_pending": N_(
        "Open the link that we send to the new address. Until then, the old one stays."
    ),
}

pages = Pages()

SECURITY = "/account/security"
USERNAME, EMAIL, PASSWORD = (f"{SECURITY}/{name}" for name in ("username", "email", "password"))
DELETION = "/account/data/deletion"


@dataclass(frozen=True)
class SignupPage(Template, file="users/signup.html"):
    """The registration.

    Args:
        form: The names, the email address and the password.
        there: The page that it leads to; empty if that follows from what the user has come for.
    """

    form: Form
    there: str


@dataclass(frozen=True)
class SecurityPage(Template, file="users/security.html"):
    """How the viewer logs in.

    Args:
        account: The account.
        factor: Its second factor.
    """

    account: Account
    factor: SecondFactorPublic


@dataclass(frozen=True)
class UsernamePage(Template, file="users/username.html"):
    """The form of another username.

    Args:
        form: The username.
    """

    form: Form


@dataclass(frozen=True)
class EmailPage(Template, file="users/email.html"):
    """The form of another email address.

    Args:
        form: The address, and the present password.
        account: The account.
    """

    form: Form
    account: Account


@dataclass(frozen=True)
class PasswordPage(Template, file="users/password.html"):
    """The form of another password.

    Args:
        form: The present and the new password.
    """

    form: Form


@dataclass(frozen=True)
class DeletionPage(Template, file="users/deletion.html"):
    """The question whether to delete the account.

    Args:
        form: Its form.
    """

    form: Form


@pages.get(SIGNUP, Access.VISITORS)
async def show_signup(visit: Visit) -> Response:
    """The registration; those who are logged in have an account."""
    if visit.viewer:
        return visit.see(HOME)
    wanted = visit.form.value("next") if visit.form else visit.request.query_params.get("next")
    return visit.page(SignupPage(visit.form_at(SIGNUP), safe(wanted) if wanted else ""))


@pages.post(SIGNUP, Access.VISITORS, again=show_signup)
async def sign_up(visit: Visit) -> Response:
    """Makes an account, and starts a session unless the email address must be verified first."""
    user, _ = await user_service(visit).register(visit.read(UserCreate, language=visit.language))
    cookie = await session_service(visit).begin_by_page(user)
    if cookie is None:
        return visit.see(VERIFY_EMAIL, "account_pending")
    wanted, purpose = visit.sent.value("next"), visit.sent.value("purpose")
    there = safe(wanted) if wanted else FIRST_PAGES.get(purpose, HOME)
    visit.repeated = visit.see(there, "account_made")
    response = visit.see(there, "account_made")
    remember(response, cookie, visit.site.session_lifetime)
    return response


async def read_account(visit: Visit) -> Account:
    """The account of the caller."""
    item = await UserReader(visit.reads).own(visit.caller)
    return Account.model_validate_json(item.json)


@pages.get(SECURITY)
async def show_security(visit: Visit) -> Response:
    """How the caller logs in."""
    factor = await SecondFactorReader(visit.reads).own(visit.caller)
    return visit.page(SecurityPage(await read_account(visit), factor))


@pages.get(USERNAME, Access.RECENT)
async def show_username(visit: Visit) -> Response:
    """The form of another username."""
    return visit.page(UsernamePage(visit.form_at(USERNAME)))


@pages.post(USERNAME, Access.RECENT, again=show_username)
async def change_username(visit: Visit) -> Response:
    """Changes the username."""
    await change(visit, "username")
    return visit.see(SECURITY, "username_changed")


@pages.get(EMAIL, Access.RECENT)
async def show_email(visit: Visit) -> Response:
    """The form of another email address."""
    return visit.page(EmailPage(visit.form_at(EMAIL), await read_account(visit)))


@pages.post(EMAIL, Access.RECENT, again=show_email, is_kept=False)
async def change_email(visit: Visit) -> Response:
    """Changes the email address, or requests its confirmation."""
    await change(visit, "email", "current_password")
    is_pending = visit.safeguards.verifies_emails
    return visit.see(SECURITY, "email_pending" if is_pending else "email_changed")


@pages.get(PASSWORD, Access.RECENT)
async def show_password(visit: Visit) -> Response:
    """The form of another password."""
    return visit.page(PasswordPage(visit.form_at(PASSWORD)))


@pages.post(PASSWORD, Access.RECENT, again=show_password, is_kept=False)
async def change_password(visit: Visit) -> Response:
    """Changes the password."""
    await change(visit, "password", "current_password")
    return visit.see(SECURITY, "password_changed")


async def change(visit: Visit, *needed: str) -> None:
    """Changes the account by a form.

    Args:
        visit: The request.
        needed: The fields of the form.
    """
    changes = visit.read(UserUpdate, needed=needed)
    await user_service(visit).change(visit.caller, changes, ExpectedVersion())


@pages.get(DELETION, Access.RECENT)
async def show_deletion(visit: Visit) -> Response:
    """The question whether to delete the account."""
    return visit.page(DeletionPage(visit.form_at(DELETION)))


@pages.post(DELETION, Access.RECENT, again=show_deletion, is_kept=False)
async def delete_account(visit: Visit) -> Response:
    """Deletes the account."""
    await user_service(visit).delete(await visit.recent_user())
    response = visit.see("/", "account_deleted")
    forget(response)
    response.headers.update(LOGGED_OUT)
    return response


def user_service(visit: Visit) -> UserService:
    """The use cases of accounts."""
    return UserService(visit.transaction, visit.client, visit.safeguards, visit.outside)
