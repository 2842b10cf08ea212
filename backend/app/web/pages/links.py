"""The pages of mailed links.

Opening a page changes nothing, since mail scanners open links, too; its form does. The token of a
link is behind ``#``, which browsers don't send. A script moves it into the form; without scripts,
users copy it from the mail.
"""

from dataclasses import dataclass

from starlette.responses import Response

from app.core.catalogues import N_
from app.db.models.links import EmailQuestion, EmailVerification, PasswordReset, StopRequest
from app.services.links import LinkService
from app.web.forms import Form
from app.web.rendering import Template
from app.web.routing import Access, Pages
from app.web.visits import Visit

VERIFY_EMAIL, RESET_PASSWORD = "/verify-email", "/reset-password"
NEW_VERIFICATION, RESET_LINK = "/verification-link", "/reset-link"
KEEP_SECOND_FACTOR = "/keep-second-factor"

SAID = {
    "email_verified": N_("Your email address is confirmed."),
    "verification_sent": N_("If an account waits for this address, a link is on its way."),
    "password_reset": N_("Your password is changed. You can log in with it now."),
    "reset_sent": N_("If there is an account with this address, we have sent a link to it."),
    "second_factor_kept": N_(
        "Your second factor stays on. If others know your password, please choose a new one."
    ),
}

pages = Pages(Access.VISITORS)


@dataclass(frozen=True)
class VerificationPage(Template, file="links/verify_email.html"):
    """The confirmation of an email address.

    Args:
        form: The code of the mail.
        again: The address that another link is sent to.
    """

    form: Form
    again: Form


@dataclass(frozen=True)
class ResetPage(Template, file="links/reset_password.html"):
    """A new password.

    Args:
        form: The code of the mail, and the password.
        again: The address that a link is sent to.
    """

    form: Form
    again: Form


@dataclass(frozen=True)
class KeepPage(Template, file="links/keep_second_factor.html"):
    """The end of the removal of a second factor.

    Args:
        form: The code of the mail.
    """

    form: Form


@pages.get(VERIFY_EMAIL)
async def show_verification(visit: Visit) -> Response:
    """The page that confirms an email address, or requests another link."""
    forms = visit.form_at(VERIFY_EMAIL), visit.form_at(NEW_VERIFICATION)
    return visit.page(VerificationPage(*forms))


@pages.post(VERIFY_EMAIL, again=show_verification)
async def verify_email(visit: Visit) -> Response:
    """Confirms an email address."""
    await links(visit).verify_email(visit.read(EmailVerification).token)
    return visit.see("/login" if visit.viewer is None else "/account/security", "email_verified")


@pages.post(NEW_VERIFICATION, again=show_verification)
async def ask_for_verification(visit: Visit) -> Response:
    """Requests another link that confirms an email address."""
    await links(visit).ask_for_verification(visit.read(EmailQuestion).email)
    return visit.see(VERIFY_EMAIL, "verification_sent")


@pages.get(RESET_PASSWORD)
async def show_reset(visit: Visit) -> Response:
    """The page that sets a new password, or requests a link for it."""
    return visit.page(ResetPage(visit.form_at(RESET_PASSWORD), visit.form_at(RESET_LINK)))


@pages.post(RESET_PASSWORD, again=show_reset)
async def reset_password(visit: Visit) -> Response:
    """Sets a new password."""
    await links(visit).reset_password(visit.read(PasswordReset))
    return visit.see("/login", "password_reset")


@pages.post(RESET_LINK, again=show_reset)
async def ask_for_reset(visit: Visit) -> Response:
    """Requests a link for a new password."""
    await links(visit).ask_for_reset(visit.read(EmailQuestion).email)
    return visit.see(RESET_PASSWORD, "reset_sent")


@pages.get(KEEP_SECOND_FACTOR)
async def show_removal(visit: Visit) -> Response:
    """The page that stops the removal of a second factor."""
    return visit.page(KeepPage(visit.form_at(KEEP_SECOND_FACTOR)))


@pages.post(KEEP_SECOND_FACTOR, again=show_removal)
async def stop_removal(visit: Visit) -> Response:
    """Stops the removal of a second factor."""
    await links(visit).stop_removal(visit.read(StopRequest).token)
    return visit.see(KEEP_SECOND_FACTOR, "second_factor_kept")


def links(visit: Visit) -> LinkService:
    """The use cases of links."""
    return LinkService(visit.transaction, visit.client, visit.safeguards, visit.outside)
