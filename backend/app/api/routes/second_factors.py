"""Second factors: codes of an authenticator app that a login needs beside the password."""

from fastapi import APIRouter, Response

from app.api.dependencies.authentication import RecentCaller, Token
from app.api.dependencies.second_factors import SecondFactorReader, SecondFactorService
from app.db.models.second_factors import (
    RecoveryCodesPublic,
    SecondFactorConfirmation,
    SecondFactorPublic,
    SecondFactorRequest,
    SecondFactorSecret,
)
from app.db.models.sessions import StepUpNeeded
from app.http.problems import problems
from app.http.responses import model_response
from app.http.transactions import SecretRoute

router = APIRouter(prefix="/users/me/second-factor", tags=["auth"], route_class=SecretRoute)


@router.get(
    "",
    summary="Own second factor",
    response_model=SecondFactorPublic,
    responses=problems(),
)
async def read_second_factor(caller: Token, second_factors: SecondFactorReader) -> Response:
    """Whether the caller needs a second factor to log in, and how many recovery codes are left.

    Also says when it is removed, if staff has been asked to.
    """
    return model_response(await second_factors.own(caller))


@router.post(
    "",
    summary="Prepare a second factor",
    response_model=SecondFactorSecret,
    responses=problems(SecondFactorService.prepare),
)
async def prepare_second_factor(
    proof: SecondFactorRequest, caller: Token, second_factors: SecondFactorService
) -> Response:
    """Makes a secret for an authenticator app (TOTP, RFC 6238). Nothing is needed to log in yet.

    That needs a recent login or step-up, and the current password. Once the app has the secret,
    confirm that with a code, in the same session or the one that has stepped up from it. Preparing
    anew makes another secret.
    """
    return model_response(await second_factors.prepare(caller, proof.current_password))


@router.post(
    "/confirmation",
    summary="Turn the second factor on",
    response_model=RecoveryCodesPublic,
    responses=problems(SecondFactorService.confirm, StepUpNeeded),
)
async def confirm_second_factor(
    proof: SecondFactorConfirmation,
    _: RecentCaller,
    caller: Token,
    second_factors: SecondFactorService,
) -> Response:
    """Has each login need a code from now on, and ends all other sessions. A letter tells of it.

    The recovery codes are for when the app is lost. They are shown this once, and each can be used
    once.
    """
    return model_response(await second_factors.confirm(caller, proof.code))


@router.post(
    "/recovery-codes",
    summary="Renew the recovery codes",
    response_model=RecoveryCodesPublic,
    responses=problems(SecondFactorService.renew_recovery_codes, StepUpNeeded),
)
async def renew_recovery_codes(
    _: RecentCaller, caller: Token, second_factors: SecondFactorService
) -> Response:
    """Makes new recovery codes; those from before are void. A letter tells of it."""
    return model_response(await second_factors.renew_recovery_codes(caller))


@router.delete(
    "",
    status_code=204,
    summary="Turn the second factor off",
    responses=problems(SecondFactorService.remove, StepUpNeeded),
)
async def remove_second_factor(
    _: RecentCaller, caller: Token, second_factors: SecondFactorService
) -> Response:
    """Has logins need the password only, and ends all other sessions. A letter tells of it."""
    await second_factors.remove(caller)
    return Response(status_code=204)
