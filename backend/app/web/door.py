"""The door for people. What it needs is imported with the first request for a page."""

import asyncio
from collections.abc import Iterable
from functools import cached_property

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Receive, Scope, Send

from app.core.config import Settings
from app.services.session_cookies import KnownCookies


class Door(BaseRoute):
    """Has the pages answer all requests whose path does not belong to programs.

    Args:
        settings: The settings.
        reserved: The first segments of the paths that belong to programs.
    """

    def __init__(self, settings: Settings, reserved: Iterable[str]) -> None:
        self._settings, self._reserved = settings, frozenset(reserved)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Whether a request is for a page."""
        if scope["type"] != "http" or first_segment(scope["path"]) in self._reserved:
            return Match.NONE, {}
        return Match.FULL, {"endpoint": self}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers a request for a page."""
        if "pages" not in self.__dict__:
            # Importing and compiling takes some tenths of a second, in which others are answered.
            await asyncio.to_thread(lambda: self.pages)
        await self.pages(scope, receive, send)

    @cached_property
    def pages(self) -> ASGIApp:
        """The pages."""
        from app.web.router import router_of

        return router_of(self._settings)


def add_pages(app: FastAPI, settings: Settings) -> None:
    """Adds the pages to the service, after all other routes."""
    app.state.known_cookies = KnownCookies(app.state.safeguards.lifetimes)
    paths = [str(context.path) for context in iter_route_contexts(app.router.routes)]
    app.router.routes.append(Door(settings, {"api", *map(first_segment, paths)} - {""}))


def first_segment(path: str) -> str:
    """The part of a path between its first two slashes."""
    return path.split("/", 2)[1] if path.startswith("/") else ""
