"""Second factors: turning them on and off, and recovery codes."""

from dataclasses import dataclass

import segno
from markupsafe import Markup
from starlette.responses import Response

from app.core.catalogues import N_
from app.core.security.codes import bare
from app.db.models.second_factors import (
    SecondFactorConfirmation,
    SecondFactorNeeded,
    SecondFactorOn,
    SecondFactorRequest,
    SecondFactorSecret,
)
from app.db.models.sessions import InvalidCredentials, StepUp
from app.db.models.users import WrongPassword
from app.services.second_factors import SecondFactorService
from app.web.cookies import remember
from app.web.forms import Form
from app.web.pages.sessions import session_service
from app.web.pages.users import SECURITY
from app.web.rendering import Template
from app.web.routing import Access, Pages
from app.web.visits import Visit

FACTOR = f"{SECURITY}/second-factor"
CONFIRMATION, REMOVAL = f"{FACTOR}/confirmation", f"{FACTOR}/removal"
RECOVERY_CODES = f"{SECURITY}/recovery-codes"

SAID = {
    "second_factor_removed": N_(
        "Your second factor is off. You are logged out on all other devices."
    ),
}

pages = Pages(Access.RECENT)


@dataclass(frozen=True)
class PreparationPage(Template, file="second_factors/prepare.html"):
    """The password, before an authenticator app gets its secret.

    Args:
        form: The password.
    """

    form: Form


@dataclass(frozen=True)
class ConfirmationPage(Template, file="second_factors/confirm.html"):
    """The code that shows that the app has the secret.

    Args:
        form: The code.
        secret: The secret, which is shown once; empty when the code was wrong.
        code: Its QR code as SVG; empty when the code was wrong.
    """

    form: Form
    secret: str
    code: Markup


@dataclass(frozen=True)
class CodesPage(Template, file="second_factors/codes.html"):
    """Recovery codes, which are shown once.

    Args:
        codes: The codes.
    """

    codes: list[str]


@dataclass(frozen=True)
class RenewalPage(Template, file="second_factors/renew.html"):
    """The question whether to renew the recovery codes."""


@dataclass(frozen=True)
class RemovalPage(Template, file="second_factors/remove.html"):
    """The question whether to turn the second factor off."""


@pages.get(FACTOR, Access.MEMBERS)
async def show_preparation(visit: Visit) -> Response:
    """The password, before an authenticator app gets its secret."""
    return visit.page(PreparationPage(visit.form_at(FACTOR)))


@pages.post(FACTOR, Access.MEMBERS, again=show_preparation, is_kept=False)
async def prepare(visit: Visit) -> Response:
    """Makes a secret for an authenticator app. Its password also confirms a login of long ago."""
    password = visit.read(SecondFactorRequest).current_password
    if visit.viewer is None or visit.viewer.is_recent:
        return secret_page(visit, await factor_service(visit).prepare(visit.caller, password))
    cookie = await step_up(visit, password)
    find, transaction = visit.request.app.state.known_cookies.find, visit.transaction
    caller = await find(cookie, visit.client, transaction)
    # The new session is known within the transaction only.
    service = SecondFactorService(transaction, visit.client, visit.safeguards, transaction)
    response = secret_page(visit, await service.prepare(caller, password))
    remember(response, cookie, visit.site.session_lifetime)
    return response


async def step_up(visit: Visit, password: str) -> str:
    """Replaces the session of a caller without a second factor, and returns the new cookie.

    Raises:
        WrongPassword: The password is wrong.
        SecondFactorOn: There is a second factor already.
    """
    service = session_service(visit)
    found = await service.own_credentials(visit.caller)
    try:
        return await service.step_up_by_page(visit.caller, found, StepUp(password=password))
    except InvalidCredentials:
        raise WrongPassword from None
    except SecondFactorNeeded:
        raise SecondFactorOn from None


def secret_page(visit: Visit, made: SecondFactorSecret) -> Response:
    """The page that shows a secret, and asks for the code that the app makes of it."""
    drawn = segno.make_qr(made.uri, error="m").svg_inline(omitsize=True, light="#fff")
    form = visit.form_at(CONFIRMATION)
    return visit.page(ConfirmationPage(form, made.secret, Markup(drawn)))  # noqa: S704 (an image)


@pages.get(CONFIRMATION)
async def show_confirmation(visit: Visit) -> Response:
    """The code of an app that has the secret already."""
    return visit.page(ConfirmationPage(visit.form_at(CONFIRMATION), "", Markup()))


@pages.post(CONFIRMATION, again=show_confirmation, is_kept=False)
async def confirm(visit: Visit) -> Response:
    """Turns the second factor on, and shows the recovery codes."""
    entered = visit.read(SecondFactorConfirmation, code=bare(visit.sent.value("code")))
    await visit.recent_user()
    made = await factor_service(visit).confirm(visit.caller, entered.code)
    return visit.page(CodesPage(made.recovery_codes))


@pages.get(RECOVERY_CODES)
async def show_renewal(visit: Visit) -> Response:
    """The question whether to renew the recovery codes."""
    return visit.page(RenewalPage())


@pages.post(RECOVERY_CODES, is_kept=False)
async def renew_codes(visit: Visit) -> Response:
    """Makes new recovery codes, and shows them."""
    await visit.recent_user()
    made = await factor_service(visit).renew_recovery_codes(visit.caller)
    return visit.page(CodesPage(made.recovery_codes))


@pages.get(REMOVAL)
async def show_removal(visit: Visit) -> Response:
    """The question whether to turn the second factor off."""
    return visit.page(RemovalPage())


@pages.post(REMOVAL, is_kept=False)
async def remove(visit: Visit) -> Response:
    """Turns the second factor off."""
    await visit.recent_user()
    await factor_service(visit).remove(visit.caller)
    return visit.see(SECURITY, "second_factor_removed")


def factor_service(visit: Visit) -> SecondFactorService:
    """The use cases of second factors."""
    return SecondFactorService(visit.transaction, visit.client, visit.safeguards, visit.outside)
