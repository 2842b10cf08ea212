"""Whether the service lives, and whether it can do its work."""

from typing import Any

from fastapi import APIRouter, Request

from app.http.draining import Stopping
from app.http.openapi import Tag
from app.http.problems import AT_THE_DOOR, described, problems
from app.postgres.readiness import DatabaseUnreachable, MigrationsMissing, demand_ready

TAG = Tag("health", "Whether the service is up")

router = APIRouter(tags=[TAG.name])

OK: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/json": {"example": {"status": "ok"}}}}
}


@router.get("/healthz", summary="Is the process up?", responses=OK | described(*AT_THE_DOOR))
async def healthz() -> dict[str, str]:
    """Answers as soon as the process takes requests; asks nothing of the database."""
    return {"status": "ok"}


@router.get(
    "/readyz",
    summary="Can it work?",
    responses=OK | problems(DatabaseUnreachable, MigrationsMissing, Stopping, authenticated=False),
)
async def readyz(request: Request) -> dict[str, str]:
    """Answers once the database does, and has the migrations that this version needs.

    No longer once the process has been told to stop. If it can't, the code of the problem says why.
    """
    if request.app.state.draining:
        raise Stopping
    await demand_ready(request.app.state.database)
    return {"status": "ok"}
