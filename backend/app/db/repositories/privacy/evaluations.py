"""Export, erasure and expiry of evaluations."""

from sqlalchemy import null, update

from app.db.models.evaluations import Evaluation, Rating
from app.db.models.privacy.evaluations import RatingExport
from app.db.repositories.base import CALLER_ID, USER_ID, json_object
from app.db.repositories.privacy import Part, Privacy, Section
from app.postgres.statements import col

RATINGS = Part(
    source=Rating,
    item=json_object(RatingExport, Rating),
    key=col(Rating.role),
    own=col(Rating.user_id) == CALLER_ID,
)

PRIVACY = Privacy(
    export=(Section("ratings", RatingExport, (RATINGS,)),),
    erase=(
        update(Evaluation)
        .where(col(Evaluation.subject_id) == USER_ID)
        .values(headline=null(), comment=null()),
    ),
)
"""Evaluations are exported with their bookings."""
