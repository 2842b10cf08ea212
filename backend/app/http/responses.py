"""Responses with single objects, and the expected version in `If-Match`."""

import re
from typing import Annotated

from fastapi import Depends, Header, Request
from pydantic import BaseModel
from starlette.responses import Response

from app.core.versions import ExpectedVersion
from app.db.repositories.base import Item
from app.http.fastpath.early import early

TAG = re.compile(r'(?:W/)?"([\x21\x23-\x7e\x80-\xff]*)"')
"""An entity tag (RFC 9110, 8.8.3)."""
OWN_TAG = re.compile(r"([0-9]{1,18})(?:--?(?:gzip|br|zstd|deflate))?")
"""The service's own tags, also with the suffixes of compressing proxies; others match nothing."""


def etag(version: int) -> str:
    """The ETag of a version (RFC 9110, 8.8.3)."""
    return f'"{version}"'


def item_response(item: Item, *, created_at: str | None = None) -> Response:
    """The response with one object, whose version is the ETag.

    Args:
        item: The object as visible to the caller.
        created_at: The path of a new object.
    """
    headers = {"ETag": etag(item.version)}
    if created_at is None:
        return Response(item.json, headers=headers, media_type="application/json")
    headers["Location"] = created_at
    return Response(item.json, 201, headers, "application/json")


def plain_response(item: Item) -> Response:
    """The response with one object without an ETag, for data beyond its version."""
    return Response(item.json, media_type="application/json")


def json_response(json: str, *, created_at: str | None = None) -> Response:
    """The response with JSON that PostgreSQL has made, without an ETag.

    Args:
        json: The text.
        created_at: The path of a new object.
    """
    if created_at is None:
        return Response(json, media_type="application/json")
    return Response(json, 201, {"Location": created_at}, "application/json")


def model_response(
    model: BaseModel, status: int = 200, headers: dict[str, str] | None = None
) -> Response:
    """The response with a model serialized in Python."""
    return Response(model.model_dump_json(), status, headers, "application/json")


@early
async def get_expected_version(
    request: Request,
    if_match: Annotated[
        str | None,
        Header(
            max_length=8000,
            description=(
                "The `ETag` of the version that you mean to change, several of them, or `*` for "
                "any. A tag may be weak, or have the suffix of a proxy that compresses answers: "
                '`W/"7"` and `"7-gzip"` are taken for `"7"`.'
            ),
        ),
    ] = None,
) -> ExpectedVersion:
    """The versions in `If-Match` (RFC 9110, 13.1.1).

    Weak tags count as well, since compressing proxies weaken tags. A malformed list matches
    nothing.
    """
    if if_match is None:
        return ExpectedVersion()
    given = ",".join(request.headers.getlist("if-match")).strip()
    if given == "*":
        return ExpectedVersion()
    if TAG.sub("", given).strip(" \t,"):
        return ExpectedVersion(frozenset())
    tags = map(OWN_TAG.fullmatch, TAG.findall(given))
    return ExpectedVersion(frozenset(int(tag[1]) for tag in tags if tag))


IfMatch = Annotated[ExpectedVersion, Depends(get_expected_version)]
