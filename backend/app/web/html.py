"""HTML, written so that whatever is put into it is text."""

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
"""What browsers may do with a page: load our own style and script, and send its form to us."""


class Field(NamedTuple):
    """A field of a form.

    Args:
        name: What it is called in the body of the request.
        label: What it is called on the page.
        kind: The type of the input.
        autocomplete: What browsers may fill in.
    """

    name: str
    label: str
    kind: str
    autocomplete: str


class Form(NamedTuple):
    """A form that is sent to a path of the service.

    Args:
        action: The path.
        button: What stands on its button.
        fields: What is asked for.
    """

    action: str
    button: str
    fields: tuple[Field, ...]


def page(
    title: str, *paragraphs: str, forms: tuple[Form, ...] = (), error: str = "", status: int = 200
) -> HTMLResponse:
    """A whole page.

    Args:
        title: Its heading, and its name in the browser.
        paragraphs: What it says, above its forms.
        forms: What can be done there.
        error: Why the form that was sent could not be taken.
        status: The status of the response.
    """
    parts = [f"<h1>{escape(title)}</h1>"]
    if error:
        parts.append(f'<p class="error" role="alert">{escape(error)}</p>')
    parts += [f"<p>{escape(text)}</p>" for text in paragraphs]
    parts += [written(form) for form in forms]
    return document(title, "\n".join(parts), status)


def document(title: str, content: str, status: int = 200) -> HTMLResponse:
    """A page whose content is HTML already."""
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
