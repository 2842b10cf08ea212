"""Answers requests for pages: who calls, the form, the transaction, and what is refused."""

from asyncio import sleep
from collections.abc import Awaitable, Callable
from functools import partial
from http import HTTPStatus
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.core.errors import (
    Invalid,
    MarketplaceError,
    NotFound,
    Unauthenticated,
    Unavailable,
)
from app.db.models.idempotency_keys import IdempotencyKeyInUse
from app.db.models.second_factors import StaffNeedsSecondFactor
from app.db.models.sessions import StepUpNeeded
from app.db.models.users import SuperuserOnly, UserRole
from app.db.repositories.viewers import ViewerReader
from app.http.bodies import OF_MEMBERS, OF_STRANGERS, read_body
from app.http.clients import client_of
from app.http.errors import answer_error
from app.http.parsing import MOST_FIELDS
from app.postgres.transactions import Transaction
from app.web.cookies import forget, remembers, session_cookie
from app.web.file_forms import answer_with_files, is_plain, receive_entries
from app.web.forms import Form, InvalidForm
from app.web.logins import confirmation_page, login_page
from app.web.once import answer_once
from app.web.origins import demand_own_origin
from app.web.places import place_of
from app.web.routing import Access, Endpoint, PageRoute
from app.web.sites import Site
from app.web.visits import Visit
from app.web.words import FIELDS, error_page, kept_headers, refusal_of, sentences_of

LOGIN, CONFIRM = "/login", "/confirm"
ELSEWHERE = (Unauthenticated, StepUpNeeded)
"""Errors that lead to a login, unlike a wrong password, whose form is shown again."""
SHOWN_ALONE = (NotFound, Unavailable)
"""Errors that are pages of their own, since the page of the form can't be shown either."""


async def answer(
    request: Request, site: Site, handle: Callable[[Visit], Awaitable[Response]]
) -> Response:
    """Answers a visit. Errors are pages.

    Args:
        request: The request.
        site: The market.
        handle: Makes the response, once the caller is known.
    """
    visit = Visit(request, site)
    try:
        demand_few_parameters(request)
        await recognise_caller(visit)
        response = await handle(visit)
    except Exception as error:  # noqa: BLE001 (an unforeseen one is logged and answered, too)
        response = error_page(visit, error)
    if visit.has_ended and not remembers(response):
        forget(response)
    return response


def demand_few_parameters(request: Request) -> None:
    """Refuses a query with more parameters than any page has.

    Raises:
        Invalid: It has too many.
    """
    if request.scope["query_string"].count(b"&") >= MOST_FIELDS:
        raise Invalid("Too many parameters.", field="", location="query")


async def recognise_caller(visit: Visit) -> None:
    """Finds the caller by the session cookie.

    One statement reads the caller's account, and checks the session.

    Raises:
        Unavailable: It can't be found out at present.
    """
    request, state = visit.request, visit.request.app.state
    cookie, cookies = session_cookie(request), state.known_cookies
    if not cookie:
        return
    try:
        with place_of(request):
            caller = await cookies.find(cookie, client_of(request), state.database)
            since = state.safeguards.lifetimes.recent_since
            viewer = await ViewerReader(state.database.reads).viewer(caller, since)
    except Unauthenticated:
        cookies.forget(cookie)
        visit.has_ended = True
    else:
        visit.recognise(caller, viewer)


async def answer_route(visit: Visit, route: PageRoute) -> Response:
    """Shows a page, or handles its form."""
    try:
        if route.method == "POST":
            if not route.from_anywhere:
                demand_own_origin(visit.request.headers)
            return await _answer_form(visit, route)
        demand_access(visit, route.access)
        return await _show(visit, route)
    except MarketplaceError as error:
        if type(error) in ELSEWHERE:
            return _log_in_first(visit, route, error)
        raise


def demand_access(visit: Visit, access: Access) -> None:
    """Refuses a caller who may not see a page.

    Raises:
        Unauthenticated: It needs a login.
        StepUpNeeded: It needs a recent login.
        StaffOnly: It is for staff.
        SuperuserOnly: It is for superusers.
        StaffNeedsSecondFactor: The session was started without a required second factor.
    """
    if access is Access.VISITORS:
        return
    viewer = visit.viewer
    if viewer is None:
        raise Unauthenticated
    if access is Access.RECENT and not viewer.is_recent:
        raise StepUpNeeded
    if access in (Access.STAFF, Access.SUPERUSERS):
        viewer.role.demand_staff()
        if visit.safeguards.staff_needs_second_factor and not viewer.second_factor:
            raise StaffNeedsSecondFactor
    if access is Access.SUPERUSERS and viewer.role is not UserRole.SUPERUSER:
        raise SuperuserOnly


async def _show(visit: Visit, route: PageRoute) -> Response:
    async def show() -> Response:
        return await route.endpoint(visit, **visit.request.path_params)

    with place_of(visit.request):
        return await (_in_transaction(visit, show) if route.is_recorded else show())


async def _in_transaction(visit: Visit, endpoint: Callable[[], Awaitable[Response]]) -> Response:
    async def work(transaction: Transaction) -> Response:
        visit.request.state.transaction = transaction
        return await endpoint()

    response: Response = await visit.request.app.state.database.run(work)
    return response


async def _answer_form(visit: Visit, route: PageRoute) -> Response:
    if route.most_files and not is_plain(visit.request):
        if visit.viewer is None:
            await receive_entries(visit)
        demand_access(visit, route.access)  # before anything of the files is read
        run = partial(answer_with_files, visit, route.most_files, partial(_handle, visit, route))
    else:
        request = visit.request
        limit = OF_MEMBERS if visit.viewer else OF_STRANGERS
        body = await read_body(request.scope, request.receive, limit)
        visit.form = Form.decoded(visit.path, body, visit.renderer.formats)
        demand_access(visit, route.access)
        run = partial(_handle, visit, route, body)
    try:
        return await run()
    except MarketplaceError as error:
        if route.again is None or type(error) in ELSEWHERE or isinstance(error, SHOWN_ALONE):
            raise
        return await _show_again(visit, route.again, error)


async def _handle(visit: Visit, route: PageRoute, content: bytes) -> Response:
    """Handles a form, once. The second click of a double click waits for the first one's response.

    Args:
        visit: The request, with the form.
        route: The form.
        content: What makes it differ from others.
    """
    endpoint = partial(route.endpoint, visit, **visit.request.path_params)
    handle = partial(answer_once, visit, route, content, endpoint) if route.is_once else endpoint
    try:
        return await _handle_in_place(visit, handle)
    except IdempotencyKeyInUse as error:
        await sleep(error.retry_after)
        return await _handle_in_place(visit, handle)


async def _handle_in_place(visit: Visit, handle: Callable[[], Awaitable[Response]]) -> Response:
    with place_of(visit.request):
        return await _in_transaction(visit, handle)


async def _show_again(visit: Visit, again: Endpoint, error: MarketplaceError) -> Response:
    """Shows the page of a form that was refused, with what was entered."""
    answered = answer_error(visit.request, error)
    visit.refused, visit.status = error, answered.status_code
    if error.code in FIELDS:
        visit.sent.problems[FIELDS[error.code]] = sentences_of(visit, error)
    elif not isinstance(error, Invalid):
        visit.refusal = refusal_of(visit, error)
    elif not isinstance(error, InvalidForm):
        visit.sent.refuse(error, visit.translate)
    with place_of(visit.request):
        response = await _in_transaction(visit, partial(again, visit, **visit.request.path_params))
    response.headers.update(kept_headers(answered))
    return response


def _log_in_first(visit: Visit, route: PageRoute, error: MarketplaceError) -> Response:
    """Leads to the login, or to the confirmation of the password, and from there back.

    What was entered into a form is carried along.
    """
    is_known = isinstance(error, StepUpNeeded)
    if route.method == "GET":
        query = urlencode({"next": visit.address})
        return RedirectResponse(f"{CONFIRM if is_known else LOGIN}?{query}", HTTPStatus.SEE_OTHER)
    visit.status = HTTPStatus.FORBIDDEN if is_known else HTTPStatus.UNAUTHORIZED
    kept = visit.form if route.is_kept else None
    page = confirmation_page if is_known else login_page
    return page(visit, visit.path, kept)
