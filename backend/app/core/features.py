"""The features of the service, and how their files are found.

A feature has files of the same name in several packages, such as ``app/api/routes/offers.py`` and
``app/db/doctor/offers.py``. Each of them declares what the service as a whole needs of the feature,
as a constant that has the same name in all files of the package. One module per package
concatenates these constants: it finds the files by `modules`.
"""

from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

FEATURES = (
    "home",
    "market",
    "users",
    "freed_usernames",
    "sessions",
    "known_devices",
    "second_factors",
    "api_keys",
    "links",
    "suppressions",
    "notices",
    "idempotency_keys",
    "jobs",
    "tasks",
    "throttles",
    "profiles",
    "blocks",
    "categories",
    "extras",
    "checklists",
    "packages",
    "orders",
    "cleanings",
    "offers",
    "bookings",
    "evaluations",
    "questions",
    "package_questions",
    "answers",
    "question_versions",
    "threads",
    "messages",
    "uploads",
    "photos",
    "events",
    "stream",
    "saved_searches",
    "notifications",
    "notification_preferences",
    "notification_mails",
    "feed",
    "webhooks",
    "webhook_deliveries",
    "exports",
    "administration",
    "removals",
    "hiding",
    "reports",
    "decisions",
    "public_notices",
    "thread_readings",
    "audit",
    "statistics",
)
"""The names of all features.

Their order is that of the documentation and of an erasure. It follows the order of
locks: accounts, packages, jobs, offers, bookings.
"""


def modules(package: str) -> list[ModuleType]:
    """Imports the files that features have in a package.

    Args:
        package: The full name of the package, such as ``app.api.routes``.

    Returns:
        The modules, in the order of `FEATURES`.
    """
    names = [f"{package}.{feature}" for feature in FEATURES]
    return [import_module(name) for name in names if find_spec(name)]
