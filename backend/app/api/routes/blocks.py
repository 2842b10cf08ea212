"""Blocks: people with whom the caller has no more dealings."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.api.dependencies.authentication import Caller, Token
from app.api.dependencies.blocks import BlockReader, BlockService
from app.db.models.blocks import BlockPublic
from app.db.models.fields import PersonName
from app.db.models.pages import PageParameters, PagePublic
from app.http.openapi import Tag
from app.http.pagination import ListingOf
from app.http.problems import problems
from app.http.transactions import TransactionalRoute

TAG = Tag("blocks", "People with whom one has no more dealings")

router = APIRouter(prefix="/users/me/blocks", tags=[TAG.name], route_class=TransactionalRoute)


@router.get(
    "",
    summary="People one has blocked",
    response_model=PagePublic[BlockPublic],
    responses=problems(),
)
async def list_blocks(
    parameters: Annotated[PageParameters, Query()],
    caller: Token,
    blocks: BlockReader,
    listing: ListingOf,
) -> Response:
    """The people whom the caller has blocked, the last one first."""
    return listing.answer(await blocks.own(caller, listing.part(parameters)))


@router.put(
    "/{username}",
    status_code=204,
    summary="Block a person",
    responses=problems(BlockService.block),
)
async def block_person(username: PersonName, caller: Token, blocks: BlockService) -> Response:
    """Blocks a person, who is not told.

    New offers, orders, questions, answers and messages between the two are refused to both, with
    409 `not_possible`; and neither finds jobs, packages and questions of the other in lists. A
    scheduled booking goes on, with its messages.
    """
    await blocks.block(caller, username)
    return Response(status_code=204)


@router.delete(
    "/{username}",
    status_code=204,
    summary="Unblock a person",
    responses=problems(BlockService.unblock),
)
async def unblock_person(username: PersonName, caller: Caller, blocks: BlockService) -> Response:
    """Ends the block of a person."""
    await blocks.unblock(caller, username)
    return Response(status_code=204)
