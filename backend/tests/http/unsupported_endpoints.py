"""Endpoints that the argument solver does not support."""

from collections.abc import AsyncIterator, Iterator
from typing import Annotated

from fastapi import (
    BackgroundTasks,
    Body,
    Depends,
    File,
    Form,
    Header,
    Query,
    Response,
    Security,
)
from fastapi.security import SecurityScopes

from app.db.models.offers import OfferCreate
from app.db.models.pages import PageParameters
from app.http.fastpath.early import early
from tests.http.endpoint_parts import Search, by_two


async def with_file(draft: Annotated[bytes, File()]) -> Response:
    return Response(draft)


async def with_two_bodies(one: OfferCreate, other: OfferCreate) -> Response:
    return Response(f"{one} {other}")


async def with_embedded_body(offer: Annotated[OfferCreate, Body(embed=True)]) -> Response:
    return Response(f"{offer}")


async def with_loose_form(name: Annotated[str, Form()]) -> Response:
    return Response(name)


async def with_model_of_headers(search: Annotated[Search, Header()]) -> Response:
    return Response(f"{search}")


async def with_many_headers(tag: Annotated[list[str], Header()]) -> Response:
    return Response(f"{tag}")


async def with_optional_model(search: Annotated[Search | None, Query()] = None) -> Response:
    return Response(f"{search}")


async def with_two_names(
    one: Annotated[int, Query(validation_alias="two", alias="one")],
) -> Response:
    return Response(f"{one}")


async def with_background_tasks(tasks: BackgroundTasks) -> Response:
    return Response(background=tasks)


async def with_response(response: Response) -> Response:
    return response


async def with_scopes(scopes: SecurityScopes) -> Response:
    return Response(f"{scopes}")


async def with_security(found: Annotated[int, Security(by_two, scopes=["a"])]) -> Response:
    return Response(f"{found}")


async def without_cache(
    one: Annotated[int, Depends(by_two)],
    other: Annotated[int, Depends(by_two, use_cache=False)],
) -> Response:
    return Response(f"{one} {other}")


@early
async def early_by_two(doubled: Annotated[int, Depends(by_two)]) -> int:
    return 2 * doubled


async def with_early_chain(found: Annotated[int, Depends(early_by_two)]) -> Response:
    return Response(f"{found}")


async def generated() -> AsyncIterator[int]:
    yield 1


def generated_synchronously() -> Iterator[int]:
    yield 1


async def with_generator(number: Annotated[int, Depends(generated)]) -> Response:
    return Response(f"{number}")


async def with_synchronous_generator(
    number: Annotated[int, Depends(generated_synchronously)],
) -> Response:
    return Response(f"{number}")


async def with_class(search: Annotated[Search, Depends(Search)]) -> Response:
    return Response(f"{search}")


async def with_model_as_answer() -> Search:
    return Search()


def synchronous(page: Annotated[PageParameters, Query()]) -> Response:
    return Response(str(page))


UNSUPPORTED = [
    with_file,
    with_two_bodies,
    with_embedded_body,
    with_loose_form,
    with_model_of_headers,
    with_many_headers,
    with_optional_model,
    with_two_names,
    with_background_tasks,
    with_response,
    with_scopes,
    with_security,
    without_cache,
    with_early_chain,
    with_generator,
    with_synchronous_generator,
    with_class,
    with_model_as_answer,
    synchronous,
]
