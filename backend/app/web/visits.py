"""A visit: a request for a page, with its caller, its language and its form."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.core.errors import MarketplaceError, PreconditionFailed, Unauthenticated
from app.core.security.tokens import Bearer
from app.core.versions import ExpectedVersion
from app.db.models.uploads import Arrived
from app.db.models.users import User
from app.db.repositories.pages import Page
from app.db.repositories.users import UserRepository
from app.db.repositories.viewers import Viewer
from app.http.pagination import Listing
from app.web.assets import accepts_gzip
from app.web.contexts import Context
from app.web.cookies import SAID, forget_said, say
from app.web.formats import parse_number
from app.web.forms import VERSION, Form, InvalidForm, Model
from app.web.headers import HEADERS
from app.web.languages import chosen
from app.web.origins import OWN
from app.web.rendering import Template, compressed
from app.web.sites import Site

FAILED = 400
"""The first status of errors, whose pages show the id that the request has in the logs."""


class Refusal(NamedTuple):
    """The reason why a form was refused as a whole.

    Args:
        sentence: What happened.
        next_step: What can be done now.
    """

    sentence: str
    next_step: str


class Visit(Context):
    """A request for a page, with its caller and its form.

    It is that of a visitor until the caller is recognised.

    Args:
        request: The request.
        site: The market.
    """

    def __init__(self, request: Request, site: Site) -> None:
        super().__init__(request, site)
        self.optional_caller: Bearer | None = None
        """The session; None for a visitor."""
        self.viewer: Viewer | None = None
        """The account of the caller, as pages show it."""
        self.has_ended = False
        """Whether the session of the cookie has ended."""
        self.files: Sequence[Arrived] = ()
        """The files that were sent with the form."""
        self.form: Form | None = None
        """The form that was sent."""
        self.refused: MarketplaceError | None = None
        """The error in which the form has ended."""
        self.refusal: Refusal | None = None
        """The error in words, unless it is about fields."""
        self.status = 200
        self.repeated: Response | None = None
        """The response to the same form if it is sent again, unless that is the first response."""

    def recognise(self, caller: Bearer, viewer: Viewer) -> None:
        """Takes over the caller.

        Args:
            caller: The session.
            viewer: Its account.
        """
        self.optional_caller, self.viewer = caller, viewer
        self.language = chosen(self.request, viewer.language, self.site.languages.default)
        self.request.scope["state"] |= {"actor_id": caller.user_id, "caller": caller}

    @property
    def caller(self) -> Bearer:
        """The session of the caller.

        Raises:
            Unauthenticated: There is none.
        """
        if self.optional_caller is None:
            raise Unauthenticated
        return self.optional_caller

    @property
    def language_of_texts(self) -> str:
        """The language of what is written: that of the page, if the market searches in it."""
        languages = self.site.languages
        return self.language if self.language in languages.searched else languages.default

    # Forms

    def read(self, model: type[Model], *, needed: Sequence[str] = (), **given: Any) -> Model:
        """What was entered into the form, as a model.

        Args:
            model: The model.
            needed: Fields that the model may omit, but the form may not.
            given: Values of other fields.

        Raises:
            InvalidForm: It is not valid.
        """
        return self.sent.read(model, self.translate, needed=needed, **given)

    @property
    def sent(self) -> Form:
        """The form that was sent.

        Raises:
            InvalidForm: There is none.
        """
        if self.form is None:
            raise InvalidForm
        return self.form

    def form_at(
        self, action: str, content: Mapping[str, Any] | None = None, version: int | None = None
    ) -> Form:
        """The form that a page shows: as it was sent, if it was refused, or with present values.

        Args:
            action: The path that it is sent to.
            content: The present values.
            version: The present version of what it changes.
        """
        formats = self.renderer.formats
        if self.form is None or self.form.action != action:
            return Form.filled(action, {**(content or {}), VERSION: version}, formats)
        if isinstance(self.refused, PreconditionFailed):  # the entries may replace it from now on
            return Form(action, {**self.form.values, VERSION: [str(version)]}, formats, sent=True)
        return self.form

    @property
    def seen(self) -> ExpectedVersion:
        """The version of a thing that the caller has seen with the form; any if it has none."""
        version = parse_number(self.sent.value(VERSION))
        return ExpectedVersion(None if version is None else frozenset({version}))

    def asked(self) -> Form:
        """The filters of a list, from the query."""
        values: dict[str, list[str]] = {}
        for name, value in self.request.query_params.multi_items():
            values.setdefault(name, []).append(value)
        return Form(self.path, values, self.renderer.formats, sent=True)

    def filters(self, model: type[Model], form: Form) -> Model:
        """The filters of a list. Those that are not valid are left out, and the form says why.

        Args:
            model: The model.
            form: The filters as they were entered.
        """
        try:
            return form.read(model, self.translate)
        except InvalidForm:
            valid = {name: it for name, it in form.values.items() if name not in form.problems}
            return Form(form.action, valid, self.renderer.formats).read(model, self.translate)

    async def user(self) -> User:
        """The account of the caller, in the transaction.

        Raises:
            Unauthenticated: The session has ended, or the account is blocked.
        """
        return await UserRepository(self.transaction).caller(self.caller)

    async def locked_user(self) -> User:
        """The account of the caller, locked against changes, and others who lock it like this.

        Raises:
            Unauthenticated: The session has ended, or the account is blocked.
        """
        return await UserRepository(self.transaction).caller_locked(self.caller)

    async def recent_user(self) -> User:
        """The account of a caller with a recent login, locked exclusively.

        Raises:
            Unauthenticated: The session has ended, or the account is blocked.
            StepUpNeeded: The login is not recent.
        """
        since = self.safeguards.lifetimes.recent_since
        return await UserRepository(self.transaction).recent_caller(self.caller, since)

    # Lists

    @cached_property
    def listing(self) -> Listing:
        """The list that the page shows.

        Raises:
            Invalid: The cursor is not of this list.
        """
        return Listing(self.request)

    def more(self, page: Page) -> str | None:
        """The address of the next page of a list."""
        cursor = self.listing.cursor(page)
        if cursor is None:
            return None
        kept = [it for it in self.request.query_params.multi_items() if it[0] != "cursor"]
        return f"{self.path}?{urlencode([*kept, ('cursor', cursor)])}"

    # Answers

    def page(self, template: Template, *, public: bool = False) -> Response:
        """The response with a page.

        Args:
            template: Its content.
            public: Whether others may see the same page, so that browsers may keep it.
        """
        text = self.renderer.render(
            template,
            viewer=self.viewer,
            path=self.path,
            base=self.site.address(self.request),
            here=self.here,
            refusal=self.refusal,
            failed_request=self.request.state.request_id if self.status >= FAILED else None,
            said=self.site.said(self.request.cookies.get(SAID)),
        )
        headers = {**HEADERS, "Content-Language": self.language}
        is_kept = public and self.viewer is None
        headers["Cache-Control"] = "no-cache" if is_kept else "no-store"
        content: bytes | str = text
        if self._is_compressed:
            content, headers["Content-Encoding"] = compressed(text), "gzip"
        response = Response(content, self.status, headers, "text/html")
        if SAID in self.request.cookies and not self.is_fetched:
            forget_said(response)
        return response

    def page_once(self, template: Template, there: str) -> Response:
        """The response with a page that has a secret, which is not stored.

        Args:
            template: Its content.
            there: The page that the same form leads to if it is sent again.
        """
        self.repeated = self.see(there)
        return self.page(template)

    @property
    def _is_compressed(self) -> bool:
        """Whether the page is compressed.

        A page repeats the query that it was asked with. If another site has chosen the query, the
        compressed size tells those who watch the network whether it is among the data of the user
        (BREACH).
        """
        site = self.request.headers.get("sec-fetch-site")
        return accepts_gzip(self.request) and (self.viewer is None or site in OWN)

    def see(self, path: str, said: str | None = None) -> Response:
        """The response that leads to another page after a change.

        Args:
            path: The page.
            said: The code of what is said there about the change.
        """
        response = RedirectResponse(path, 303)
        if said:
            self.site.demand_known(said)
            say(response, said)
        return response
