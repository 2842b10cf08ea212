"""Clients of services that tests start for themselves."""

from typing import Any

from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient

from tests.contract import check_response


def client_of(app: FastAPI, base_url: str = "http://test/api/v1", **transport: Any) -> AsyncClient:
    """An anonymous client of a service. Each answer to it is held against the documentation."""
    return AsyncClient(
        transport=ASGITransport(app, **transport),
        base_url=base_url,
        event_hooks={"response": [check_response]},
    )
