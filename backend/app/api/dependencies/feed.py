"""The reader of the feed, as a dependency of routes."""

from typing import Annotated

from fastapi import Depends

from app.api.dependencies.database import reader
from app.db.repositories import events as repositories

FeedReader = Annotated[repositories.FeedReader, Depends(reader(repositories.FeedReader))]
