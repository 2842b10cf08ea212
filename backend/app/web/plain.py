"""Pages for requests that reach no route: the service is busy, or the request is malformed.

Under load each refusal counts, so these pages are text that needs neither the database nor what
other pages import.
"""

from collections.abc import Mapping
from functools import cache
from html import escape
from string import Template

from starlette.requests import Request
from starlette.responses import Response

from app.core.catalogues import N_, catalogue_of, direction
from app.core.config import Settings
from app.core.errors import (
    HeadersTooLarge,
    MarketplaceError,
    Unavailable,
    UnknownHost,
    UriTooLong,
)
from app.http.clients import is_fetched
from app.web.assets import asset_url
from app.web.headers import HEADERS
from app.web.languages import chosen

PAGE = Template("""\
<!doctype html>
<html lang="$language" dir="$direction" class="colour-$colour">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<meta name="color-scheme" content="light dark">
<title>$title · $market</title>
<link rel="icon" href="$icon" type="image/svg+xml">
<link rel="stylesheet" href="$style">
</head>
<body>
<header class="top"><a class="brand" href="/">$market</a></header>
<main id="main" tabindex="-1">
<div class="narrow panel stack" id="busy">
  <h1>$title</h1>
  <p>$sentence $step</p>
  $again
  <p class="muted small">$request</p>
</div>
</main>
</body>
</html>
""")
AGAIN = Template('<p class="row"><a class="button primary" href=""$mark>$text</a></p>')
RETRY_AFTER = str(Unavailable.retry_after)
REFUSALS: Mapping[str, tuple[str, str]] = {
    UnknownHost.code: (N_("This address is not one of the market."), N_("Check the address.")),
    UriTooLong.code: (N_("The address is too long."), N_("Use fewer words or filters.")),
    HeadersTooLarge.code: (
        N_("Your browser has sent too many cookies."),
        N_("Delete the cookies of this site, and try again."),
    ),
}
"""What happened, and what can be done now, by the code of an error."""
INTERNAL = N_("Something went wrong on our side.")
FAILED = (N_("That did not work"), N_("Please try again. If it happens again, tell us the id."))
"""The title of the page of an error, and what can be done now, by default."""


class PlainPages:
    """Makes pages without what other pages need.

    Args:
        settings: The settings.
    """

    def __init__(self, settings: Settings) -> None:
        self._market = escape(settings.market_name)
        self._colour = settings.market_colour
        self._default = settings.language
        self._busy = cache(self._busy_parts)

    def busy(self, request: Request, language: str | None = None) -> Response:
        """The response while the service can't answer.

        Args:
            request: The request, whose state has its id.
            language: The language of the caller's account, if it is known and has chosen one.
        """
        language = chosen(request, language, self._default)
        by_script = is_fetched(request)
        is_form = request.method == "POST" and not by_script
        before, after = self._busy(language, is_form=is_form, is_fetched=by_script)
        content = f"{before}{request.state.request_id}{after}"
        headers = {**headers_in(language), "Retry-After": RETRY_AFTER}
        return Response(content, 503, headers, "text/html")

    def refusal(self, request: Request, error: Exception, problem: Response) -> Response:
        """The response to a request that has ended in an error before it reached a page.

        Args:
            request: The request, whose state has its id.
            error: The error.
            problem: The response to programs.
        """
        language = chosen(request, None, self._default)
        title, step = FAILED
        sentence = INTERNAL
        if isinstance(error, MarketplaceError):
            sentence, step = REFUSALS.get(error.code, (error.text, step))
        by_script = is_fetched(request)
        texts = (title, sentence, step, N_("Back") if by_script else "")
        before, after = self._parts(language, *texts, is_fetched=by_script)
        content = f"{before}{request.state.request_id}{after}"
        return Response(content, problem.status_code, headers_in(language), "text/html")

    def _busy_parts(self, language: str, *, is_form: bool, is_fetched: bool) -> tuple[str, str]:
        """The parts of the page of a busy service.

        Args:
            language: The language.
            is_form: Whether a form was sent, which the browser sends again on a reload.
            is_fetched: Whether a script fetches the page, and shows it over the present one.
        """
        step = N_("Please try again in a moment.")
        again = N_("Back") if is_fetched else N_("Try again")
        if is_form:
            step, again = N_("Reload the page in a moment to send the form again."), ""
        sentence = N_("The service is busy.")
        texts = (N_("Back in a moment"), sentence, step, again)
        return self._parts(language, *texts, is_fetched=is_fetched)

    def _parts(
        self,
        language: str,
        title: str,
        sentence: str,
        step: str,
        again: str,
        *,
        is_fetched: bool,
    ) -> tuple[str, str]:
        """The parts of a page before and after the id of the request.

        Args:
            language: The language.
            title: The heading.
            sentence: What happened.
            step: What can be done now.
            again: The text of a button that opens the page again; empty for none.
            is_fetched: Whether the button closes the page instead.
        """
        translate = catalogue_of(language).gettext
        mark = " data-close" if is_fetched else ""
        text = PAGE.substitute(
            language=language,
            direction=direction(language),
            colour=self._colour,
            market=self._market,
            icon=asset_url("icon.svg"),
            style=asset_url("app.css"),
            title=escape(translate(title)),
            sentence=escape(translate(sentence)),
            step=escape(translate(step)),
            again=AGAIN.substitute(text=escape(translate(again)), mark=mark) if again else "",
            request=escape(translate(N_("Request %(id)s"))),
        )
        before, _, after = text.rpartition("%(id)s")
        return before, after


def headers_in(language: str) -> dict[str, str]:
    """The headers of a page in a language."""
    return {**HEADERS, "Cache-Control": "no-store", "Content-Language": language}
