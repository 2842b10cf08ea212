"""The client of a request."""

from typing import Annotated

from fastapi import Depends, Request

from app.core.clients import Client
from app.http.fastpath.early import early

API = "/api/"
"""The beginning of the paths of the API."""


def client_of(request: Request) -> Client:
    """The client of a request."""
    ip = request.client.host if request.client else None
    return Client.of(ip, request.headers.get("user-agent"), request.state.request_id)


def wants_page(request: Request) -> bool:
    """Whether the client is a browser that opens a page, and no program."""
    is_browser = "text/html" in request.headers.get("accept", "")
    return is_browser and not request.scope["path"].startswith(API)


def is_fetched(request: Request) -> bool:
    """Whether a script fetches what is requested (Fetch Metadata)."""
    return request.headers.get("sec-fetch-dest") == "empty"


@early
async def get_client(request: Request) -> Client:
    """The client of the request."""
    return client_of(request)


Requester = Annotated[Client, Depends(get_client)]


async def asks_for_headers(request: Request) -> bool:
    """Whether the method is HEAD, which needs response headers only (RFC 9110, 9.3.2)."""
    return bool(request.state.method == "HEAD")


HeadersOnly = Annotated[bool, Depends(asks_for_headers)]
