"""Erasure of questions about packages, and of answers to them.

They are exported with those about jobs.
"""

from app.db.models.package_questions import PackagePost
from app.db.repositories.privacy import Privacy
from app.db.repositories.privacy.questions import erasing

PRIVACY = Privacy(erase=erasing(PackagePost))
