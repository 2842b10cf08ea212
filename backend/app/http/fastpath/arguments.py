"""How each argument of an endpoint is found in a request, with FastAPI's own validators."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from fastapi._compat import (
    ModelField,
    field_annotation_is_scalar,
    field_annotation_is_scalar_sequence,
)
from fastapi.dependencies.models import Dependant
from fastapi.params import File, Form
from pydantic import ValidationError
from starlette.requests import Request

from app.http.fastpath.signatures import UnsupportedSignature, model_of
from app.http.parsing import decode_form, decode_json


class NotAsDeclared(Exception):
    """An argument is missing or not valid: FastAPI says what is wrong with it."""


class Input(NamedTuple):
    """A request, and what of it has been read."""

    request: Request
    query: Mapping[str, Any]
    body: bytes


Find = Callable[[Input], Any]
"""Finds an argument in the input."""


def finders(dependant: Dependant) -> dict[str, Find]:
    """The finders of all arguments that the request itself gives, by their names.

    Raises:
        UnsupportedSignature: An argument is of a kind that only FastAPI can find.
    """
    found = {field.name: _in_path(field) for field in dependant.path_params}
    for field in dependant.query_params:
        found[field.name] = _in_query(dependant, field)
    for field in dependant.header_params:
        _demand_scalar(dependant, field)
        found[field.name] = _named(field, lambda given: given.request.headers)
    for field in dependant.cookie_params:
        _demand_scalar(dependant, field)
        found[field.name] = _named(field, lambda given: given.request.cookies)
    for field in dependant.body_params:
        found[field.name] = _in_content(dependant, field)
    for name in (dependant.request_param_name, dependant.http_connection_param_name):
        if name:
            found[name] = _request
    return found


def _demand_scalar(dependant: Dependant, field: ModelField) -> None:
    if not field_annotation_is_scalar(field.field_info.annotation):
        raise UnsupportedSignature(dependant.call, f"several values as {field.name}")
    _demand_one_name(dependant, field)


def _demand_one_name(dependant: Dependant, field: ModelField) -> None:
    if field.field_info.validation_alias not in (None, field.alias):
        raise UnsupportedSignature(dependant.call, f"several names of {field.name}")


def _in_query(dependant: Dependant, field: ModelField) -> Find:
    annotation = field.field_info.annotation
    if model_of(annotation):
        return lambda given: _valid(field, given.query)
    if not field_annotation_is_scalar_sequence(annotation):
        _demand_scalar(dependant, field)
    _demand_one_name(dependant, field)
    return _named(field, lambda given: given.query)


def _in_content(dependant: Dependant, field: ModelField) -> Find:
    if isinstance(field.field_info, File):
        raise UnsupportedSignature(dependant.call, "a file")
    if getattr(field.field_info, "embed", None):
        raise UnsupportedSignature(dependant.call, "an embedded body")
    if not isinstance(field.field_info, Form):
        return _in_body(field)
    if model_of(field.field_info.annotation) is None:
        raise UnsupportedSignature(dependant.call, "fields of a form without a model")
    return _in_form(field)


def _valid(field: ModelField, value: Any) -> Any:
    # As `field.validate` does, without the descriptions of all errors: FastAPI makes those.
    try:
        return field._type_adapter.validate_python(value, from_attributes=True)  # noqa: SLF001
    except ValidationError as error:
        raise NotAsDeclared from error


def _default(field: ModelField) -> Any:
    if field.field_info.is_required():
        raise NotAsDeclared
    default = field.get_default()
    return _valid(field, default) if field.field_info.validate_default else default


def _request(given: Input) -> Any:
    return given.request


def _in_path(field: ModelField) -> Find:
    return lambda given: _valid(field, given.request.path_params[field.alias])


def _named(field: ModelField, where: Callable[[Input], Mapping[str, Any]]) -> Find:
    name = field.alias

    def find(given: Input) -> Any:
        value = where(given).get(name)
        return _default(field) if value is None else _valid(field, value)

    return find


def _in_form(field: ModelField) -> Find:
    """Of a form, a parameter without a value counts as left out (RFC 6749, 3.2)."""

    def find(given: Input) -> Any:
        values = decode_form(given.body)
        return _valid(field, {name: value for name, value in values.items() if value})

    return find


def _in_body(field: ModelField) -> Find:
    def find(given: Input) -> Any:
        if not given.body:
            return _default(field)
        if "content-type" not in given.request.headers:  # other media types were refused before
            raise NotAsDeclared
        try:
            content = decode_json(given.body)
        except ValueError as error:
            raise NotAsDeclared from error
        return _valid(field, content)

    return find
