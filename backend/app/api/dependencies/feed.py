"""The reader of the feed and its followers, as dependencies of routes."""

from typing import Annotated

from fastapi import Depends, Request

from app.api.dependencies.database import reader
from app.db.repositories import feed as repositories
from app.http.following import Followers

FeedReader = Annotated[repositories.FeedReader, Depends(reader(repositories.FeedReader))]


async def get_followers(request: Request) -> Followers:
    """The followers of the feed in this process."""
    followers: Followers = request.app.state.followers
    return followers


FeedFollowers = Annotated[Followers, Depends(get_followers)]
