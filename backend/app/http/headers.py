"""Documentation of response headers."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from app.db.models.idempotency_keys import HEADER, IdempotencyKeyInUse
from app.db.models.versioned import Tagged
from app.http.idempotency_keys import REPLAYED

TEXT, NUMBER = {"type": "string"}, {"type": "integer", "minimum": 0}
HEADERS: Mapping[str, Any] = {
    "ETag": {
        "description": "The version of what is shown; `If-Match` takes it",
        "schema": TEXT,
        "example": '"7"',
    },
    "Location": {"description": "The path of what was made", "schema": TEXT},
    "Retry-After": {"description": "After how many seconds to try again", "schema": NUMBER},
    "RateLimit": {
        "description": "How many tries remain (`r`), and after how many seconds there are more "
        "(`t`), as draft-ietf-httpapi-ratelimit-headers defines it",
        "schema": TEXT,
        "example": '"logins_per_account";r=0;t=60',
    },
    "RateLimit-Policy": {
        "description": "How many tries (`q`) there may be in how many seconds (`w`)",
        "schema": TEXT,
        "example": '"logins_per_account";q=10;w=300',
    },
    REPLAYED: {
        "description": "`true` if the answer was given before, to the same `Idempotency-Key`",
        "schema": {"type": "string", "const": "true"},
    },
    "WWW-Authenticate": {"description": "How to show who calls (RFC 6750)", "schema": TEXT},
    "X-Request-ID": {"description": "What the request is called in the logs", "schema": TEXT},
}


def add_headers(schema: dict[str, Any]) -> None:
    """Documents the headers of each response of each operation.

    Args:
        schema: The OpenAPI document.
    """
    schema["components"]["headers"] = HEADERS
    tagged = {shape.__name__ for shape in Tagged.__subclasses__()}
    for methods in schema["paths"].values():
        for operation in methods.values():
            for status, response in operation["responses"].items():
                response["headers"] = {
                    name: {"$ref": f"#/components/headers/{name}"}
                    for name in headers_of(operation, status, response, tagged)
                }


def headers_of(
    operation: Mapping[str, Any], status: str, response: Mapping[str, Any], tagged: Collection[str]
) -> Iterator[str]:
    """The possible headers of a response.

    Args:
        operation: The operation.
        status: The status of the response.
        response: The response.
        tagged: The names of the models with an `ETag`.
    """
    yield "X-Request-ID"
    (content,) = response.get("content", {"": {}}).values()
    codes = content.get("examples", {}).keys()
    if content.get("schema", {}).get("$ref", "").rpartition("/")[2] in tagged:
        yield "ETag"
    if status == "201":
        yield "Location"
    if status in ("429", "503") or IdempotencyKeyInUse.code in codes:
        yield "Retry-After"
    if status == "429":
        yield from ("RateLimit", "RateLimit-Policy")
    if status == "401" or "insufficient_scope" in codes:
        yield "WWW-Authenticate"
    taken = {parameter["name"] for parameter in operation.get("parameters", ())}
    if HEADER in taken and not status.startswith("5"):
        yield REPLAYED
