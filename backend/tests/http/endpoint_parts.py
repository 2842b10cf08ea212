"""Parameters and dependencies of endpoints for the tests of the argument solver."""

from typing import Annotated

from fastapi import (
    Query,
)
from pydantic import BaseModel, Field


class Search(BaseModel):
    tag: Annotated[list[str], Field(max_length=2)] = []
    most: int = 5


async def by_two(factor: Annotated[int, Query()] = 1) -> int:
    return 2 * factor
