"""Every operation of the service, as its documentation describes it."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from fastapi.routing import iter_route_contexts

from app.api.server import get_application
from app.core.config import Settings
from tests.pictures import JPEG, picture

SERVICE = get_application(Settings(environment="development"))
DOCUMENT: dict[str, Any] = SERVICE.openapi()

BASES: dict[str, dict[str, Any]] = {
    "change_user": {"password": "a new lighthouse", "current_password": "an old lighthouse"},
    "create_token": {"grant_type": "password", "username": "nobody", "password": "a lighthouse"},
}
"""Bodies for operations that need more than what their schema says is required."""


class Route(NamedTuple):
    """One path of the service, whether the documentation speaks of it or not."""

    name: str
    method: str
    path: str


ROUTES = [
    Route(str(context.name), min(context.methods or {"GET"}), str(context.path_format))
    for context in iter_route_contexts(SERVICE.routes)
]
"""Every route but the pages. A documented one is named after its operation."""


@dataclass(frozen=True)
class Operation:
    """One method of one path."""

    method: str
    path: str
    details: dict[str, Any]

    def __str__(self) -> str:
        return str(self.details["operationId"])

    @property
    def needs_login(self) -> bool:
        return "security" in self.details

    def parameters(self, location: str) -> dict[str, Any]:
        """The schemas of the parameters in the path, the query or the headers."""
        return {
            parameter["name"]: resolved(parameter["schema"])
            for parameter in self.details.get("parameters", [])
            if parameter["in"] == location
        }

    @property
    def media_type(self) -> str | None:
        """What a body has to be, if there is one."""
        return next(iter(self.details.get("requestBody", {}).get("content", {})), None)

    @property
    def body(self) -> dict[str, Any]:
        """The schema of the body."""
        content = self.details["requestBody"]["content"][self.media_type]
        return resolved(content["schema"])

    @property
    def good_body(self) -> dict[str, Any]:
        """A body with all that is required; empty if it is a picture."""
        if self.takes_file:
            return {}
        properties, required = self.body["properties"], self.body.get("required", [])
        examples = {name: properties[name]["examples"][0] for name in required}
        return BASES.get(str(self), examples)

    @property
    def takes_file(self) -> bool:
        """Whether the body is a picture."""
        return bool(self.media_type) and str(self.media_type).startswith("image/")

    @property
    def good_content(self) -> dict[str, Any]:
        """A body with all that is required, as httpx takes it."""
        if self.takes_file:
            return {"content": picture(), "headers": {"Content-Type": JPEG}}
        return {"json": self.good_body if self.media_type else None}

    def url(self, values: dict[str, str]) -> str:
        """Where to send a request, given what stands in the path."""
        return "http://test" + self.path.format_map(values)


def resolved(schema: dict[str, Any]) -> dict[str, Any]:
    """A schema itself, in place of a reference to it or of a choice between it and null."""
    if "$ref" in schema:
        schema = DOCUMENT["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    choices = [choice for choice in schema.get("anyOf", []) if choice != {"type": "null"}]
    if len(choices) == len(schema.get("anyOf", [])):
        return schema
    only = resolved(choices[0]) if len(choices) == 1 else {**schema, "anyOf": choices}
    return {**only, "nullable": True}


OPERATIONS = [
    Operation(method.upper(), path, details)
    for path, methods in DOCUMENT["paths"].items()
    for method, details in methods.items()
]
