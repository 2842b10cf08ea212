"""HTML generation with all values escaped."""

from html import escape
from typing import NamedTuple

from starlette.responses import HTMLResponse

STATIC = "/static"
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'"
    ),
}
"""Pages may load the service's own style and script, and send forms to it only."""


class Field(NamedTuple):
    """A field of a form.

    Args:
        name: Its name in the body of the request.
        label: Its label on the page.
        kind: The type of the input.
        autocomplete: The value of `autocomplete`.
    """

    name: str
    label: str
    kind: str
    autocomplete: str


class Form(NamedTuple):
    """A form.

    Args:
        action: The path of the request.
        button: The label of its button.
        fields: Its fields.
    """

    action: str
    button: str
    fields: tuple[Field, ...]


def page(
    title: str, *paragraphs: str, forms: tuple[Form, ...] = (), error: str = "", status: int = 200
) -> HTMLResponse:
    """A whole page.

    Args:
        title: Its heading and title.
        paragraphs: Text above the forms.
        forms: Its forms.
        error: The reason why a form was refused.
        status: The status of the response.
    """
    parts = [f"<h1>{escape(title)}</h1>"]
    if error:
        parts.append(f'<p class="error" role="alert">{escape(error)}</p>')
    parts += [f"<p>{escape(text)}</p>" for text in paragraphs]
    parts += [written(form) for form in forms]
    return document(title, "\n".join(parts), status)


def document(title: str, content: str, status: int = 200) -> HTMLResponse:
    """A page with HTML content."""
    return HTMLResponse(
        f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{escape(title)}</title>
<link rel="stylesheet" href="{STATIC}/pages.css">
<script src="{STATIC}/pages.js" defer></script>
</head>
<body>
<main>
{content}
</main>
</body>
</html>
""",
        status_code=status,
        headers=HEADERS,
    )


def written(form: Form) -> str:
    """A form as HTML."""
    fields = "\n".join(
        f"<label>{escape(field.label)}\n"
        f'<input name="{field.name}" type="{field.kind}" autocomplete="{field.autocomplete}" '
        "required></label>"
        for field in form.fields
    )
    button = f"<button>{escape(form.button)}</button>"
    return f'<form method="post" action="{form.action}">\n{fields}\n{button}\n</form>'
