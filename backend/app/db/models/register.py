"""The register of personal data: the holdings of all features."""

from app.core.features import modules
from app.db.models.privacy import Holding, Tier

REGISTER: tuple[Holding, ...] = tuple(
    holding for module in modules("app.db.models.privacy") for holding in module.HOLDINGS
)


def tier_of(table: str, column: str) -> Tier:
    """The visibility of a column: public unless the register has another."""
    tiers = (
        holding.personal[column].tier
        for holding in REGISTER
        if holding.table == table and column in holding.personal
    )
    return next(tiers, Tier.PUBLIC)
