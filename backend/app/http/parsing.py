"""How bodies and queries are parsed, at a cost that is bounded by their length.

Bounds on the number of fields and items, and on the depth, hold before anything is validated:
Pydantic describes each wrong item of a list, which takes far longer than to read it.
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
"""How many fields a query, a form or an object may have: any shape has far fewer."""
MOST_ITEMS = 100
"""How many items a list may have; the shapes set lower bounds."""
DEEPEST = 10
"""How many levels objects and lists may be nested."""


def decode_json(body: bytes) -> Any:
    """Returns what a JSON text says.

    Raises:
        ValueError: It is not JSON.
        Invalid: It has too many fields or items, a field twice, or goes too deep.
    """
    try:
        content = _decode(body.decode(json.detect_encoding(body)))
    except RecursionError as error:
        raise Invalid("It is nested too deeply.", field="") from error
    except UnicodeDecodeError as error:
        raise Invalid("It is not encoded in UTF-8.", field="") from error
    except json.JSONDecodeError:
        raise
    except ValueError as error:  # of `int`
        raise Invalid("It has a number with too many digits.", field="") from error
    _demand_small(content)
    return content


def decode_form(body: bytes) -> dict[str, str]:
    """Returns the fields of a form (``application/x-www-form-urlencoded``) by their names.

    Raises:
        Invalid: It has too many fields, or one twice.
    """
    try:
        pairs = parse_qsl(
            body.decode(errors="replace"), keep_blank_values=True, max_num_fields=MOST_FIELDS
        )
    except ValueError as error:
        raise Invalid("It has too many fields.", field="") from error
    return given_once(pairs, "body")


def given_once(
    pairs: Sequence[tuple[str, str]], location: str, repeatable: Collection[str] = ()
) -> dict[str, Any]:
    """Returns the values of parameters by their names: texts, or lists of texts.

    Args:
        pairs: The parameters.
        location: Where they stand.
        repeatable: The names of those that hold lists.

    Raises:
        Invalid: There are too many, or one that holds no list is given several times.
    """
    if len(pairs) > MOST_FIELDS:
        raise Invalid("It has too many parameters.", field="", location=location)
    values: dict[str, Any] = {}
    for name, value in pairs:
        if name in repeatable:
            values.setdefault(name, []).append(value)
            continue
        if name in values:
            field = field_name((location, name))
            raise Invalid("It is given twice.", field=field, location=location)
        values[name] = value
    return values


class BoundedRequest(Request):
    """A request whose query and body FastAPI reads within the same bounds.

    Args:
        scope: What is asked for.
        receive: Receives the body.
        repeatable: The names of the query parameters that hold lists.
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
        """Returns what the body says."""
        return decode_json(await self.body())

    async def form(self, **_: Any) -> FormData:  # type: ignore[override]  # FastAPI only awaits it
        """Returns the fields of the body."""
        return FormData(decode_form(await self.body()))


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of a JSON text. A name that occurs twice has no certain value."""
    if len(pairs) > MOST_FIELDS:
        raise Invalid("It has too many fields.", field="")
    content: dict[str, Any] = {}
    for name, value in pairs:
        if name in content:
            raise Invalid("It is given twice.", field=field_name(("body", name)))
        content[name] = value
    return content


_decode = json.JSONDecoder(object_pairs_hook=_object).decode
"""Made once, while `json.loads` would make it anew for each body."""


def _demand_small(content: Any, field: str = "", depth: int = 0) -> None:
    inner: Iterable[tuple[str, Any]]
    if isinstance(content, dict):
        inner = content.items()
    elif isinstance(content, list):
        if len(content) > MOST_ITEMS:
            raise Invalid("It has too many items.", field=field)
        inner = ((field, item) for item in content)
    else:
        return
    if depth >= DEEPEST:
        raise Invalid("It is nested too deeply.", field=field)
    for name, value in inner:
        if isinstance(value, dict | list):
            _demand_small(value, field or field_name(("body", name)), depth + 1)
