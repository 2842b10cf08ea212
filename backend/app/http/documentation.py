"""The documentation pages, with their content security policies."""

import re
from base64 import b64encode
from hashlib import sha256

from fastapi import FastAPI
from fastapi.openapi.docs import (
    get_redoc_html,
    get_swagger_ui_html,
    get_swagger_ui_oauth2_redirect_html,
)
from fastapi.staticfiles import StaticFiles
from starlette.responses import HTMLResponse

OPENAPI, DOCS, REDOC = "/openapi.json", "/docs", "/redoc"
REDIRECT = f"{DOCS}/oauth2-redirect"
FILES = "/static-offline-docs"
OF_REDOC = "style-src 'self' 'unsafe-inline'; worker-src blob:; "
"""Redoc uses inline styles, and a worker for its search."""
INLINE_SCRIPT = re.compile(rb"<script>(.*?)</script>", re.DOTALL)


def add_documentation(app: FastAPI) -> None:
    """Adds the pages and their static files to an app."""
    files = StaticFiles(packages=[("fastapi_offline", "static")])
    app.mount(FILES, files, name="documentation_files")
    icon = f"{FILES}/favicon.png"
    swagger = get_swagger_ui_html(
        openapi_url=OPENAPI,
        title=app.title,
        swagger_js_url=f"{FILES}/swagger-ui-bundle.js",
        swagger_css_url=f"{FILES}/swagger-ui.css",
        swagger_favicon_url=icon,
        oauth2_redirect_url=REDIRECT,
    )
    redoc = get_redoc_html(
        openapi_url=OPENAPI,
        title=app.title,
        redoc_js_url=f"{FILES}/redoc.standalone.js",
        redoc_favicon_url=icon,
        with_google_fonts=False,
    )
    add_page(app, DOCS, "docs", swagger)
    add_page(app, REDIRECT, "oauth2_redirect", get_swagger_ui_oauth2_redirect_html())
    add_page(app, REDOC, "redoc", redoc, OF_REDOC)


def add_page(app: FastAPI, path: str, name: str, page: HTMLResponse, policy: str = "") -> None:
    """Adds a constant page.

    Args:
        app: The service.
        path: The path of the page.
        name: The name of its route.
        page: The page.
        policy: Additions to the content security policy.
    """
    body = bytes(page.body)
    headers = {"Content-Security-Policy": policy + policy_of(body)}

    @app.get(path, name=name, include_in_schema=False)
    async def show() -> HTMLResponse:
        return HTMLResponse(body, headers=headers)


def policy_of(page: bytes) -> str:
    """The content security policy of a page (CSP 3): own files, and its present inline scripts.

    Inline scripts are listed by their hashes, so that injected ones are not run.
    """
    digests = [sha256(script).digest() for script in INLINE_SCRIPT.findall(page)]
    scripts = ["'self'", *(f"'sha256-{b64encode(digest).decode()}'" for digest in digests)]
    return (
        f"default-src 'self'; script-src {' '.join(scripts)}; img-src 'self' data:; "
        "object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
