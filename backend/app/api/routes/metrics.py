"""Metrics for Prometheus, which are not part of the API."""

from fastapi import APIRouter, Request, Response

from app.core.errors import Unauthenticated
from app.core.observability.metrics import CONTENT_TYPE, may_read

router = APIRouter(include_in_schema=False)


@router.get("/metrics")
async def read_metrics(request: Request) -> Response:
    """Returns all metrics.

    Raises:
        Unauthenticated: The token is missing or wrong.
    """
    state = request.app.state
    if not may_read(request.headers.get("authorization", ""), state.metrics_token):
        raise Unauthenticated("The token of METRICS_TOKEN is required.")
    return Response(await state.metrics.text(), media_type=CONTENT_TYPE)
