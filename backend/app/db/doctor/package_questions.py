"""Checks of questions about packages, and of answers to them."""

from sqlalchemy import cast, null

from app.db.doctor.questions import checks_of
from app.db.models.events import Event
from app.db.models.package_questions import PackagePost
from app.db.models.packages import Package
from app.postgres.statements import col

CHECKS = checks_of(
    PackagePost, Package.seller_id, cast(null(), col(Event.cleaning_id).type), "package_"
)
