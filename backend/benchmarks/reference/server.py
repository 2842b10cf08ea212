"""The application of the reference."""

import gc
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from benchmarks.reference.basics import Database, answer, database_of
from benchmarks.reference.logins import create_token
from benchmarks.reference.messages import list_threads, send_message
from benchmarks.reference.orders import place_order
from benchmarks.reference.pages import show_job, show_jobs, show_packages
from benchmarks.reference.questions import ask_question
from benchmarks.reference.reads import (
    browse_cleanings,
    browse_packages,
    list_own_offers,
    read_cleaning,
    read_feed,
    read_user,
)
from benchmarks.reference.writes import accept_offer, make_offer, post_cleaning


async def keep(_: Any) -> None:
    """No reset of a connection: no request changes its state."""


@asynccontextmanager
async def lifespan(app: Starlette) -> AsyncIterator[None]:
    """Opens the pool while the application runs."""
    size = int(os.environ["POOL_SIZE"])
    pool = asyncpg.create_pool(
        os.environ["DATABASE_URL"],
        min_size=size,
        max_size=size,
        reset=keep,
        server_settings={"timezone": "UTC"},
    )
    async with pool:
        app.state.database = Database(pool, size)
        gc.freeze()
        yield


async def readyz(request: Request) -> Response:
    """Readiness check."""
    await database_of(request).row("SELECT version_num FROM alembic_version")
    return answer(request, '{"status":"ok"}')


def get_application() -> Starlette:
    """Builds the reference."""
    api = "/api/v1"
    offers = f"{api}/cleanings/{{cleaning_id}}/offers"
    return Starlette(
        routes=[
            Route("/readyz", readyz),
            Route("/jobs", show_jobs),
            Route("/jobs/{cleaning_id}", show_job),
            Route("/packages", show_packages),
            Route(f"{api}/users/me", read_user),
            Route(f"{api}/feed/cleanings", read_feed),
            Route(f"{api}/offers", list_own_offers),
            Route(f"{api}/packages", browse_packages, methods=["GET"]),
            Route(f"{api}/cleanings", browse_cleanings, methods=["GET"]),
            Route(f"{api}/cleanings", post_cleaning, methods=["POST"]),
            Route(f"{api}/cleanings/{{cleaning_id}}", read_cleaning),
            Route(offers, make_offer, methods=["POST"]),
            Route(f"{api}/cleanings/{{cleaning_id}}/questions", ask_question, methods=["POST"]),
            Route(f"{api}/threads", list_threads),
            Route(
                f"{api}/cleanings/{{cleaning_id}}/threads/{{cleaner_id}}/messages",
                send_message,
                methods=["POST"],
            ),
            Route(f"{offers}/{{offer_id}}/acceptance", accept_offer, methods=["POST"]),
            Route(f"{api}/orders", place_order, methods=["POST"]),
            Route(f"{api}/auth/token", create_token, methods=["POST"]),
        ],
        lifespan=lifespan,
    )
