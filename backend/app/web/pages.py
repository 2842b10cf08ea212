"""A page for each mailed link, and the one at the root of the service.

To open a page changes nothing, since programs that check mail open links, too: its form does. The
token of a link stands behind ``#``, so that no server gets it with the address. A script puts it
into the form; without scripts, people copy it from the mail.
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
<p>This is its service for programs, which speak JSON over HTTP. The
<a href="/docs">documentation</a> lets you try it, or <a href="/redoc">read about it</a>.</p>"""

router = APIRouter(include_in_schema=False)


def add_pages(app: FastAPI) -> None:
    """Adds the pages, and the files that they load."""
    app.include_router(router)
    app.mount(STATIC, StaticFiles(directory=FILES), name="page_files")


@router.get("/")
async def about_page() -> HTMLResponse:
    """Says what this is."""
    return document("Cleaning marketplace", ABOUT)


@router.get(VERIFY_EMAIL)
async def verification_page() -> HTMLResponse:
    """Lets people show that an address is theirs."""
    text = "To confirm that this is your address, press the button."
    return page("Confirm your email address", text, forms=VERIFYING)


@router.post(VERIFY_EMAIL)
async def verify_email_by_page(request: Request) -> HTMLResponse:
    """Shows that an address is one's own."""

    async def verify(links: LinkService, given: Given) -> None:
        await links.verify_email(EmailVerification.model_validate(given).token)

    title = "Confirm your email address"
    return await done(request, verify, title, VERIFYING, "Your email address is confirmed.")


@router.get(RESET_PASSWORD)
async def reset_page() -> HTMLResponse:
    """Lets people choose a new password, or ask for a link with which they can."""
    text = (
        "With a link from our mail you can set a new password. You are then logged out everywhere."
    )
    other = "If you have no such mail, or its link no longer works, ask for another below."
    return page("Choose a new password", text, other, forms=RESETTING + ASKING)


@router.post(RESET_PASSWORD)
async def reset_password_by_page(request: Request) -> HTMLResponse:
    """Sets a new password."""

    async def reset(links: LinkService, given: Given) -> None:
        await links.reset_password(PasswordReset.model_validate(given))

    title, said = "Choose a new password", "Your new password is set. You can log in with it now."
    return await done(request, reset, title, RESETTING + ASKING, said)


@router.post(RESET_LINK)
async def ask_for_reset_by_page(request: Request) -> HTMLResponse:
    """Has a link mailed with which a new password can be chosen."""

    async def ask(links: LinkService, given: Given) -> None:
        await links.ask_for_reset(EmailQuestion.model_validate(given).email)

    said = "If an account has this address, a link is on its way."
    return await done(request, ask, "Choose a new password", ASKING, said)


@router.get(KEEP_SECOND_FACTOR)
async def removal_page() -> HTMLResponse:
    """Lets people stop the removal of their second factor."""
    text = "We were asked to turn off the second factor of your account."
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
    """Does what a form asks for, and says so; or shows it once more, and why it could not be done.

    Args:
        request: What was sent.
        work: What to do, in a transaction.
        title: The heading of the page.
        forms: What is shown once more.
        said: What is said when it was done.
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
    """What a field is called on the page."""
    labels = {field.name: field.label for form in forms for field in form.fields}
    return labels.get(str(location[0]) if location else "", "The form")
