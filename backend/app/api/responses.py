"""How single things are answered, and which version of them a caller expects."""

import re
from typing import Annotated

from fastapi import Depends, Header
from pydantic import BaseModel
from starlette.responses import Response

from app.api.early import early
from app.core.versions import ExpectedVersion
from app.db.queries import Item

OWN_TAG = re.compile(r'\s*"([0-9]{1,18})"\s*')
"""How our own tags look; others match nothing."""


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
    if_match: Annotated[
        str | None, Header(description="The ETag of the version that you mean to change")
    ] = None,
) -> ExpectedVersion:
    """Which versions the caller means to change; tags that are none of ours match nothing."""
    if if_match is None or if_match.strip() == "*":
        return ExpectedVersion()
    tags = map(OWN_TAG.fullmatch, if_match.split(","))
    return ExpectedVersion(frozenset(int(tag[1]) for tag in tags if tag))


IfMatch = Annotated[ExpectedVersion, Depends(get_expected_version)]
