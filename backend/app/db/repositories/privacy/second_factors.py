"""Export, erasure and expiry of second factors."""

from sqlalchemy import delete

from app.db.models.privacy.second_factors import SecondFactorExport
from app.db.models.second_factors import SecondFactor
from app.db.repositories.base import CALLER_ID, USER_ID, json_object
from app.db.repositories.privacy import Part, Privacy, Section
from app.postgres.statements import col

SECOND_FACTORS = Part(
    source=SecondFactor,
    item=json_object(SecondFactorExport, SecondFactor),
    key=col(SecondFactor.user_id),
    own=col(SecondFactor.user_id) == CALLER_ID,
)

PRIVACY = Privacy(
    export=(Section("second_factors", SecondFactorExport, (SECOND_FACTORS,)),),
    erase=(delete(SecondFactor).where(col(SecondFactor.user_id) == USER_ID),),  # and its codes
)
