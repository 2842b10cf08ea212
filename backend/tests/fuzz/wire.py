"""How requests of schemathesis, which is synchronous, reach the service, which isn't."""

from collections.abc import Awaitable, Callable
from io import BytesIO
from typing import Any

import httpx
from fastapi import FastAPI
from requests import PreparedRequest, Response, Session
from requests.adapters import HTTPAdapter
from urllib3 import HTTPHeaderDict, HTTPResponse

Run = Callable[[Awaitable[Any]], Any]
"""Runs something asynchronous to its end."""


class Wire(HTTPAdapter):
    """Hands requests to the service as if it were at the other end of a wire."""

    def __init__(self, app: FastAPI, run: Run) -> None:
        super().__init__()
        self._transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        self._run = run

    def send(self, request: PreparedRequest, *_: Any, **__: Any) -> Response:
        """Returns what the service answers."""
        return self.build_response(request, self._run(self._answer(request)))

    async def _answer(self, request: PreparedRequest) -> HTTPResponse:
        method, url, body = str(request.method), str(request.url), request.body
        headers: Any = request.headers
        assert body is None or isinstance(body, bytes | str)
        answer = await self._transport.handle_async_request(
            httpx.Request(method, url, headers=headers, content=body)
        )
        return HTTPResponse(
            BytesIO(await answer.aread()),
            HTTPHeaderDict(answer.headers.multi_items()),
            answer.status_code,
            preload_content=False,
        )


def session_with(app: FastAPI, run: Run) -> Session:
    """A session all of whose requests go to the service."""
    session = Session()
    session.mount("http://", Wire(app, run))
    return session
