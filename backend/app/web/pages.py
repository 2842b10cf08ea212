"""A page for each mailed link, and one at the root of the service.

Opening a page changes nothing, since mail scanners open links, too; its form does. The token of a
link is behind ``#``, which browsers don't send. A script moves it into the form; without scripts,
users copy it from the mail.
"""

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from pathlib import Path

from fastapi import APIRouter, FastAPI, Request
from fastapi.staticfiles import StaticFiles
from pydantic import ValidationError
from starlette.responses import HTMLResponse

from app.core.errors import MarketplaceError, TooManyRequests, Unavailable
from app.db.models.links import EmailQuestion, EmailVerification, PasswordReset, StopRequest
from app.http.bodies import OF_STRANGERS, read_body
from app.http.clients import client_of
from app.http.parsing import decode_form
from app.http.problems import status_of
from app.postgres.transactions import Transaction
from app.services.links import LinkService
from app.web.html import STATIC, Field, Form, document, page

FILES = Path(__file__).parent / "static"
Given = dict[str, str]
Work = Callable[[LinkService, Given], Awaitable[None]]

CODE = Field("token", "Code from the mail", "text", "off")
EMAIL = Field("email", "Email address", "email", "email")
PASSWORD = Field("password", "New password", "password", "new-password")

VERIFY_EMAIL, RESET_PASSWORD, RESET_LINK = "/verify-email", "/reset-password", "/reset-link"
KEEP_SECOND_FACTOR = "/keep-second-factor"
KEEPING = (Form(KEEP_SECOND_FACTOR, "Keep it on", (CODE,)),)
VERIFYING = (Form(VERIFY_EMAIL, "Confirm", (CODE,)),)
RESETTING = (Form(RESET_PASSWORD, "Set the new password", (CODE, PASSWORD)),)
ASKING = (Form(RESET_LINK, "Send me a link", (EMAIL,)),)

ABOUT = """\
<h1>Cleaning marketplace</h1>
<p>Customers post cleaning jobs, cleaners make priced offers, the owner accepts one, the work is
done, and both sides evaluate each other.</p>
<p>This is the API of the marketplace. You can <a href="/docs">try it in your browser</a> or
<a href="/redoc">read its documentation</a>.</p>"""

router = APIRouter(include_in_schema=False)


def add_pages(app: FastAPI) -> None:
    """Adds the pages and their static files."""
    app.include_router(router)
    app.mount(STATIC, StaticFiles(directory=FILES), name="page_files")


@router.get("/")
async def about_page() -> HTMLResponse:
    """The page about the service."""
    return document("Cleaning marketplace", ABOUT)


@router.get(VERIFY_EMAIL)
async def verification_page() -> HTMLResponse:
    """The page that verifies an email address."""
    text = "Press the button to confirm your email address."
    return page("Confirm your email address", text, forms=VERIFYING)


@router.post(VERIFY_EMAIL)
async def verify_email_by_page(request: Request) -> HTMLResponse:
    """Verifies an email address."""

    async def verify(links: LinkService, given: Given) -> None:
        await links.verify_email(EmailVerification.model_validate(given).token)

    title = "Confirm your email address"
    return await done(request, verify, title, VERIFYING, "Your email address is confirmed.")


@router.get(RESET_PASSWORD)
async def reset_page() -> HTMLResponse:
    """The page that sets a new password, or requests a link for it."""
    text = "Choose a new password for your account. You will be logged out on all devices."
    other = "No mail, or the link no longer works? Request a new one below."
    return page("Choose a new password", text, other, forms=RESETTING + ASKING)


@router.post(RESET_PASSWORD)
async def reset_password_by_page(request: Request) -> HTMLResponse:
    """Sets a new password."""

    async def reset(links: LinkService, given: Given) -> None:
        await links.reset_password(PasswordReset.model_validate(given))

    title, said = (
        "Choose a new password",
        "Your password has been changed. You can log in with it now.",
    )
    return await done(request, reset, title, RESETTING + ASKING, said)


@router.post(RESET_LINK)
async def ask_for_reset_by_page(request: Request) -> HTMLResponse:
    """Requests a link for a new password."""

    async def ask(links: LinkService, given: Given) -> None:
        await links.ask_for_reset(EmailQuestion.model_validate(given).email)

    said = "If there is an account with this address, we have sent a link to it."
    return await done(request, ask, "Choose a new password", ASKING, said)


@router.get(KEEP_SECOND_FACTOR)
async def removal_page() -> HTMLResponse:
    """The page that stops the removal of a second factor."""
    text = "A request was made to turn off the second factor of your account."
    return page("Keep your second factor", text, "Press the button to keep it on.", forms=KEEPING)


@router.post(KEEP_SECOND_FACTOR)
async def stop_second_factor_removal_by_page(request: Request) -> HTMLResponse:
    """Stops the removal of a second factor."""

    async def keep(links: LinkService, given: Given) -> None:
        await links.stop_removal(StopRequest.model_validate(given).token)

    said = "Your second factor stays on. If others know your password, please choose a new one."
    return await done(request, keep, "Keep your second factor", KEEPING, said)


async def done(
    request: Request, work: Work, title: str, forms: tuple[Form, ...], said: str
) -> HTMLResponse:
    """Carries out a form and confirms it, or shows the form again with the error.

    Args:
        request: The request.
        work: The use case, run in a transaction.
        title: The heading of the page.
        forms: The forms shown again after an error.
        said: The confirmation.
    """
    state = request.app.state
    client = client_of(request)

    async def in_transaction(transaction: Transaction) -> None:
        await work(LinkService(transaction, client, state.safeguards, state.database), given)

    try:
        given = decode_form(await read_body(request.scope, request.receive, OF_STRANGERS))
        with state.strangers:
            await state.database.run(in_transaction)
    except ValidationError as error:
        reasons = [f"{label(each['loc'], forms)}: {each['msg']}" for each in error.errors()]
        refusal = "; ".join(reasons).replace("Value error, ", "")
        return page(title, forms=forms, error=refusal, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    except MarketplaceError as error:
        refused = page(title, forms=forms, error=error.detail, status=status_of(type(error)))
        if isinstance(error, TooManyRequests | Unavailable):
            refused.headers["Retry-After"] = str(error.retry_after)
        return refused
    return page(title, said)


def label(location: tuple[int | str, ...], forms: tuple[Form, ...]) -> str:
    """The label of a field."""
    labels = {field.name: field.label for form in forms for field in form.fields}
    return labels.get(str(location[0]) if location else "", "The form")
