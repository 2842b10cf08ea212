"""Throttles, as the tests that hold for all features see them."""

from app.db.models.throttles import Throttle
from tests.features import Feature

FEATURE = Feature(
    expiring={
        Throttle: lambda _, ended_at: {
            "key": str(ended_at).encode(),
            "count": 1,
            "resets_at": ended_at,
        },
    },
)
