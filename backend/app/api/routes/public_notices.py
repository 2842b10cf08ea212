"""Notices by persons without an account."""

from fastapi import APIRouter, Response

from app.api.dependencies.public_notices import PublicNoticeService
from app.api.routes.reports import TAG
from app.db.models.fields import now
from app.db.models.public_notices import NoticeCreate, ReceiptPublic
from app.http.problems import problems
from app.http.responses import model_response
from app.http.transactions import TransactionalRoute

router = APIRouter(tags=[TAG.name], route_class=TransactionalRoute)


@router.post(
    "/notices",
    status_code=201,
    summary="Give notice without an account",
    response_model=ReceiptPublic,
    responses=problems(PublicNoticeService.give, authenticated=False),
)
async def give_notice(draft: NoticeCreate, notices: PublicNoticeService) -> Response:
    """Reports something to staff that is visible without a login. Its present state is copied.

    The receipt and later the decision are mailed to the address. The same notice again changes
    nothing; the receipt is mailed again.
    """
    receipt = ReceiptPublic(reference=await notices.give(draft), received_at=now())
    return model_response(receipt, 201, {"Location": f"/notice/{receipt.reference}"})
