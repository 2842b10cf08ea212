"""How single things are answered, and which version of them a caller expects."""

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
"""Ours, also as proxies that compress answers mark it; others match nothing."""


def etag(version: int) -> str:
    """The ETag of a version (RFC 9110, 8.8.3)."""
    return f'"{version}"'


def item_response(item: Item, *, created_at: str | None = None) -> Response:
    """The response with one thing; its version is its ETag.

    Args:
        item: The thing, as the caller may see it.
        created_at: The path that it is found at, if it is new.
    """
    headers = {"ETag": etag(item.version)}
    if created_at is None:
        return Response(item.json, headers=headers, media_type="application/json")
    headers["Location"] = created_at
    return Response(item.json, 201, headers, "application/json")


def plain_response(item: Item) -> Response:
    """The response with one thing of which more is told than its version knows of."""
    return Response(item.json, media_type="application/json")


def model_response(
    model: BaseModel, status: int = 200, headers: dict[str, str] | None = None
) -> Response:
    """The response with something that is put together here, not by the database."""
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
    """Which versions the caller means to change (RFC 9110, 13.1.1).

    Tags that are weak count as well, since proxies that compress answers make ours weak. What is no
    list of tags matches nothing.
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
