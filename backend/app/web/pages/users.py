"""Accounts: registration."""

from dataclasses import dataclass

from starlette.responses import Response

from app.db.models.users import UserCreate
from app.services.users import UserService
from app.web.cookies import remember
from app.web.forms import Form
from app.web.languages import N_
from app.web.logins import HOME, safe
from app.web.pages.links import VERIFY_EMAIL
from app.web.pages.sessions import session_service
from app.web.rendering import Template
from app.web.routing import Access, Pages
from app.web.visits import Visit

SIGNUP = "/signup"
FIRST_PAGES = {"customer": "/jobs/new", "cleaner": HOME}
"""Where a new user begins, by what they have come for."""

SAID = {
    "account_made": N_("Welcome! Your account is ready."),
    "account_pending": N_("Almost done: open the link in the mail that we have sent to you."),
}

pages = Pages()


@dataclass(frozen=True)
class SignupPage(Template, file="users/signup.html"):
    """The registration.

    Args:
        form: The names, the email address and the password.
        there: The page that it leads to; empty if that follows from what the user has come for.
    """

    form: Form
    there: str


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
    user, _ = await user_service(visit).register(visit.read(UserCreate))
    cookie = await session_service(visit).begin_by_page(user)
    if cookie is None:
        return visit.see(VERIFY_EMAIL, "account_pending")
    wanted, purpose = visit.sent.value("next"), visit.sent.value("purpose")
    there = safe(wanted) if wanted else FIRST_PAGES.get(purpose, HOME)
    response = visit.see(there, "account_made")
    remember(response, cookie, visit.site.session_lifetime)
    return response


def user_service(visit: Visit) -> UserService:
    """The use cases of accounts."""
    return UserService(visit.transaction, visit.client, visit.safeguards, visit.outside)
