"""Mailed links: verification of email addresses, and resets of passwords."""

from fastapi import APIRouter, Response

from app.api.dependencies.links import LinkService
from app.db.models.links import (
    Asked,
    EmailQuestion,
    EmailVerification,
    PasswordReset,
    StopRequest,
)
from app.http.problems import problems
from app.http.responses import model_response
from app.http.transactions import TransactionalRoute

router = APIRouter(prefix="/auth", tags=["auth"], route_class=TransactionalRoute)

VERIFICATION_ASKED = Asked(detail="If an account waits for this address, a link is on its way.")
RESET_ASKED = Asked(detail="If an account has this address, a link is on its way.")


@router.post(
    "/email-verification",
    status_code=202,
    summary="Ask for a verification link",
    response_model=Asked,
    responses=problems(LinkService.ask_for_verification, authenticated=False),
)
async def ask_for_verification(question: EmailQuestion, links: LinkService) -> Response:
    """Mails another verification link to an address, if an account waits for it.

    The response is the same with and without an account.
    """
    await links.ask_for_verification(question.email)
    return model_response(VERIFICATION_ASKED, 202)


@router.post(
    "/email-verification/confirmation",
    status_code=204,
    summary="Verify an email address",
    responses=problems(LinkService.verify_email, authenticated=False),
)
async def verify_email(verification: EmailVerification, links: LinkService) -> Response:
    """Verifies an email address by the token of the mailed link."""
    await links.verify_email(verification.token)
    return Response(status_code=204)


@router.post(
    "/password-reset",
    status_code=202,
    summary="Ask for a new password",
    response_model=Asked,
    responses=problems(LinkService.ask_for_reset, authenticated=False),
)
async def ask_for_reset(question: EmailQuestion, links: LinkService) -> Response:
    """Mails a link that resets the password, if an account has the address.

    The response is the same with and without an account.
    """
    await links.ask_for_reset(question.email)
    return model_response(RESET_ASKED, 202)


@router.post(
    "/password-reset/confirmation",
    status_code=204,
    summary="Choose a new password",
    responses=problems(LinkService.reset_password, authenticated=False),
)
async def reset_password(reset: PasswordReset, links: LinkService) -> Response:
    """Sets a new password by the token of the mailed link, and ends all sessions."""
    await links.reset_password(reset)
    return Response(status_code=204)


@router.post(
    "/second-factor-removal/cancellation",
    status_code=204,
    summary="Stop the removal of a second factor",
    responses=problems(LinkService.stop_removal, authenticated=False),
)
async def stop_second_factor_removal(proof: StopRequest, links: LinkService) -> Response:
    """Cancels the removal of a second factor by the token of the mailed link."""
    await links.stop_removal(proof.token)
    return Response(status_code=204)
