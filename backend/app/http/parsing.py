"""Parsing of bodies and queries, in time linear in their length.

Limits on the number of fields and items, and on the depth, apply before validation: Pydantic
reports each invalid item of a list, which takes far longer than parsing it.
"""

import json
from collections.abc import Collection, Iterable, Sequence
from typing import Any
from urllib.parse import parse_qsl

from starlette.datastructures import FormData, QueryParams
from starlette.requests import Request
from starlette.types import Receive, Scope

from app.core.errors import Invalid
from app.http.errors import field_name

MOST_FIELDS = 100
"""The largest number of fields in a query, a form or an object; all shapes have far fewer."""
MOST_ITEMS = 100
"""The largest number of items in a list; shapes have lower limits."""
DEEPEST = 10
"""The deepest nesting of objects and lists."""


def decode_json(body: bytes) -> Any:
    """Decodes a JSON text.

    Raises:
        ValueError: It is not JSON.
        Invalid: It has too many fields or items, a duplicate field, or is nested too deeply.
    """
    try:
        content = _decode(body.decode(json.detect_encoding(body)))
    except RecursionError as error:
        raise Invalid("Nested too deeply.", field="") from error
    except UnicodeDecodeError as error:
        raise Invalid("Not encoded in UTF-8.", field="") from error
    except json.JSONDecodeError:
        raise
    except ValueError as error:  # of `int`
        raise Invalid("A number has too many digits.", field="") from error
    _demand_small(content)
    return content


def decode_form(body: bytes) -> dict[str, str]:
    """Decodes the fields of a form (``application/x-www-form-urlencoded``).

    Raises:
        Invalid: It has too many fields, or a duplicate one.
    """
    try:
        pairs = parse_qsl(
            body.decode(errors="replace"), keep_blank_values=True, max_num_fields=MOST_FIELDS
        )
    except ValueError as error:
        raise Invalid("Too many fields.", field="") from error
    return given_once(pairs, "body")


def given_once(
    pairs: Sequence[tuple[str, str]], location: str, repeatable: Collection[str] = ()
) -> dict[str, Any]:
    """The values of parameters by name: texts, or lists of texts.

    Args:
        pairs: The parameters.
        location: Their place: query or body.
        repeatable: The names of list parameters.

    Raises:
        Invalid: There are too many, or a duplicate one that is no list.
    """
    if len(pairs) > MOST_FIELDS:
        raise Invalid("Too many parameters.", field="", location=location)
    values: dict[str, Any] = {}
    for name, value in pairs:
        if name in repeatable:
            values.setdefault(name, []).append(value)
            continue
        if name in values:
            field = field_name((location, name))
            raise Invalid("Duplicate parameter.", field=field, location=location)
        values[name] = value
    return values


class BoundedRequest(Request):
    """A request for FastAPI with the same limits on query and body.

    Args:
        scope: The ASGI scope.
        receive: Receives the body.
        repeatable: The names of list parameters in the query.
    """

    def __init__(self, scope: Scope, receive: Receive, repeatable: Collection[str]) -> None:
        super().__init__(scope, receive)
        self._repeatable = repeatable

    @property
    def query_params(self) -> QueryParams:
        """The parameters of the query."""
        parameters = super().query_params
        given_once(parameters.multi_items(), "query", self._repeatable)
        return parameters

    async def json(self) -> Any:
        """The decoded JSON body."""
        return decode_json(await self.body())

    async def form(self, **_: Any) -> FormData:  # type: ignore[override]  # FastAPI only awaits it
        """The decoded form."""
        return FormData(decode_form(await self.body()))


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of a JSON text. Duplicate names are refused, since their value is ambiguous."""
    if len(pairs) > MOST_FIELDS:
        raise Invalid("Too many fields.", field="")
    content: dict[str, Any] = {}
    for name, value in pairs:
        if name in content:
            raise Invalid("Duplicate field.", field=field_name(("body", name)))
        content[name] = value
    return content


_decode = json.JSONDecoder(object_pairs_hook=_object).decode
"""Created once; `json.loads` would create a decoder for each body."""


def _demand_small(content: Any, field: str = "", depth: int = 0) -> None:
    inner: Iterable[tuple[str, Any]]
    if isinstance(content, dict):
        inner = content.items()
    elif isinstance(content, list):
        if len(content) > MOST_ITEMS:
            raise Invalid("Too many items.", field=field)
        inner = ((field, item) for item in content)
    else:
        return
    if depth >= DEEPEST:
        raise Invalid("Nested too deeply.", field=field)
    for name, value in inner:
        if isinstance(value, dict | list):
            _demand_small(value, field or field_name(("body", name)), depth + 1)
