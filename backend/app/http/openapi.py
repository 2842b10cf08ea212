"""The OpenAPI document as a whole."""

import re
from typing import Any, NamedTuple

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from app.http.headers import add_headers
from app.http.problems import Problem
from app.http.scopes import SCHEME

DESCRIPTION = """
Customers post cleaning jobs, cleaners make priced offers, the owner accepts exactly one, the work
is done, and both sides evaluate each other.

* **Log in** with `POST /api/v1/auth/token`, or with the *Authorize* button, and send the access
  token with each request. What changes how you log in, or ends your other sessions, needs a login
  of the last minutes: `POST /api/v1/auth/step-up` gives another.
* **Programs** send an API key in place of the access token. Its owner makes it with
  `POST /api/v1/users/me/api-keys` and chooses its scopes. Each operation that takes keys says which
  scope it needs.
* **Errors** are problems as RFC 9457 describes them; their `code` never changes.
* **Lists** come in parts: send `next_cursor` back as `cursor` until it is null. Nothing is lost or
  repeated meanwhile, except that a job whose price or words change may move in an order by price or
  by rank.
* **Money** is sent as a string or a number, and returned as a string with two decimal places.
  Prices in currencies without a minor unit, such as JPY, are whole. Prices are compared in one
  currency only.
* **Requests** that got no answer can be sent again: with the same `Idempotency-Key`, a `POST` that
  takes one is done once. Those that answer with secrets pass over it.
* **Changes** of single things honour `If-Match` with the `ETag` that you were given.
"""

API_KEY = {
    "type": "http",
    "scheme": "bearer",
    "bearerFormat": "cmk_...",
    "description": "A key for programs, good for the scopes that it was made with",
}


class Tag(NamedTuple):
    """A tag, which groups operations.

    Args:
        name: The name of the tag. Scopes of API keys contain it.
        description: The description of the group.
    """

    name: str
    description: str


def operation_id(route: APIRoute) -> str:
    """The operation id: the name of the function."""
    return route.name


def add_links(paths: dict[str, Any]) -> None:
    """Adds links from operations that create an object to operations on that object.

    The `id` of an `OfferPublic` is the `offer_id` in other paths; the ids before it are in the path
    of the operation, too.
    """
    operations = [
        (names, operation)
        for path, methods in paths.items()
        for operation in methods.values()
        if operation["tags"] != ["admin"]  # creators are no staff
        if len(names := re.findall(r"{(\w+)_id}", path)) == path.count("{")
    ]
    for known, operation in operations:
        made = operation["responses"].get("201")
        if made is None:
            continue
        model = made["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
        *words, _ = re.findall("[A-Z][a-z]*", model)
        made["links"] = {
            other["operationId"]: {
                "operationId": other["operationId"],
                "parameters": {f"{name}_id": f"$request.path.{name}_id" for name in names}
                | {f"{names[-1]}_id": "$response.body#/id"},
            }
            for names, other in operations
            if names and names[-1] == words[-1].lower() and {*names[:-1]} <= {*known}
        }


def add_openapi(app: FastAPI) -> None:
    """Completes the app's schema with errors, links and headers."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            schema = get_openapi(
                title=app.title,
                version=app.version,
                description=app.description,
                routes=app.routes,
                tags=app.openapi_tags,
            )
            template = "#/components/schemas/{model}"
            problem = Problem.model_json_schema(ref_template=template)
            schema["components"]["schemas"] |= {**problem.pop("$defs"), "Problem": problem}
            schema["components"]["securitySchemes"][SCHEME] = API_KEY
            add_links(schema["paths"])
            add_headers(schema)
            app.openapi_schema = schema
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's documented way to extend it
