"""Whether the service lives, and whether it can do its work."""

import asyncio
from functools import cache
from pathlib import Path

from fastapi import APIRouter, Request

from app.api.errors import problems
from app.core.errors import Unavailable

router = APIRouter(tags=["health"])


@cache
def newest_revision() -> str | None:
    """The migration that this code was written for."""
    from alembic.script import ScriptDirectory  # only the first question for readiness needs it

    return ScriptDirectory(str(Path(__file__).parents[2] / "db" / "migrations")).get_current_head()


@router.get("/healthz", summary="Is the process up?")
async def healthz() -> dict[str, str]:
    """Answers as soon as the process takes requests; asks nothing of the database."""
    return {"status": "ok"}


@router.get("/readyz", summary="Can it work?", responses=problems(Unavailable))
async def readyz(request: Request) -> dict[str, str]:
    """Answers once the database does and its migrations are those of this version."""
    expected = await asyncio.to_thread(newest_revision)
    rows = await request.app.state.database.fetch("SELECT version_num FROM alembic_version", ())
    if [row["version_num"] for row in rows] != [expected]:
        raise Unavailable("The database's migrations are not those of this version.")
    return {"status": "ok"}
