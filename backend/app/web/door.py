"""The door for people. What it needs is imported with the first request for a page."""

import asyncio
from functools import cached_property

from fastapi import FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send

from app.core.config import Settings
from app.http.clients import API
from app.services.session_cookies import KnownCookies


class Door:
    """Has the pages answer requests that no route of the API answers.

    Args:
        settings: The settings.
        otherwise: Answers unknown paths of the API.
    """

    def __init__(self, settings: Settings, otherwise: ASGIApp) -> None:
        self._settings, self._otherwise = settings, otherwise

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handles one connection."""
        if scope["type"] != "http" or scope["path"].startswith(API):
            await self._otherwise(scope, receive, send)
            return
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
    """Adds the pages to the service."""
    app.state.known_cookies = KnownCookies(app.state.safeguards.lifetimes)
    app.router.default = Door(settings, app.router.default)
