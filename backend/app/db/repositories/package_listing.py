"""The list of packages: its filters."""

from app.db.models.packages import Package
from app.db.models.states.packages import PackageStatus
from app.db.repositories.listings import Listing
from app.db.repositories.package_views import PackageView

PACKAGES = Listing(
    Package,
    PackageView,
    owner="seller_id",
    person="cleaner",
    statuses=PackageStatus,
    public=PackageStatus.PUBLISHED,
    shown=[lambda packages: packages.hidden_at.is_(None)],
    filters={},
    asked={},
)
