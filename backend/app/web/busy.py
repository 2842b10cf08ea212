"""The page that is shown while the service can't answer.

Under load each refusal counts, so it is text that is made once per language, with neither the
database nor what other pages import.
"""

from functools import cache
from html import escape
from string import Template

from starlette.requests import Request
from starlette.responses import Response

from app.core.catalogues import N_, catalogue_of
from app.core.config import Settings
from app.core.errors import Unavailable
from app.http.clients import is_fetched
from app.web.assets import asset_url
from app.web.headers import HEADERS
from app.web.languages import chosen, direction

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


class BusyPage:
    """Answers requests for pages with 503.

    Args:
        settings: The settings.
    """

    def __init__(self, settings: Settings) -> None:
        self._market = escape(settings.market_name)
        self._colour = settings.market_colour
        self._default = settings.language
        self._around_id = cache(self._parts)

    def __call__(self, request: Request, language: str | None = None) -> Response:
        """The response.

        Args:
            request: The request, whose state has its id.
            language: The language of the caller's account, if it is known and has chosen one.
        """
        language = chosen(request, language, self._default)
        by_script = is_fetched(request)
        is_form = request.method == "POST" and not by_script
        before, after = self._around_id(language, is_form=is_form, is_fetched=by_script)
        headers = {
            **HEADERS,
            "Cache-Control": "no-store",
            "Content-Language": language,
            "Retry-After": RETRY_AFTER,
        }
        content = f"{before}{request.state.request_id}{after}"
        return Response(content, 503, headers, "text/html")

    def _parts(self, language: str, *, is_form: bool, is_fetched: bool) -> tuple[str, str]:
        """The parts of the page before and after the id of the request.

        Args:
            language: The language.
            is_form: Whether a form was sent, which the browser sends again on a reload.
            is_fetched: Whether a script fetches the page, and shows it over the present one.
        """
        translate = catalogue_of(language).gettext
        text, mark = (N_("Back"), " data-close") if is_fetched else (N_("Try again"), "")
        again = AGAIN.substitute(text=escape(translate(text)), mark=mark)
        step = translate(N_("Please try again in a moment."))
        if is_form:
            again, step = "", translate(N_("Reload the page in a moment to send the form again."))
        text = PAGE.substitute(
            language=language,
            direction=direction(language),
            colour=self._colour,
            market=self._market,
            icon=asset_url("icon.svg"),
            style=asset_url("app.css"),
            title=escape(translate(N_("Back in a moment"))),
            sentence=escape(translate(N_("The service is busy."))),
            step=escape(step),
            again=again,
            request=escape(translate(N_("Request %(id)s"))),
        )
        before, _, after = text.rpartition("%(id)s")
        return before, after
