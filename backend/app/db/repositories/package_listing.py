"""The list of packages: its filters."""

from app.db.models.packages import Package
from app.db.models.states.packages import PackageStatus
from app.db.repositories.listings import Listing
from app.db.repositories.package_views import PackageView, is_offered

PACKAGES = Listing(
    Package,
    PackageView,
    owner="seller_id",
    person="cleaner",
    statuses=PackageStatus,
    shown=[is_offered],
    filters={},
    asked={},
)
