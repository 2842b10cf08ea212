"""Known devices, as the tests that hold for all features see them."""

from app.db.models.known_devices import KnownDevice
from app.db.models.sessions import REMEMBERED_FOR
from tests.features import Feature
from tests.stories import DELETED

FEATURE = Feature(
    load="""
INSERT INTO known_devices (user_id, device_hash, used_at)
SELECT id, place::text::bytea, now() FROM users, generate_series(1, 2) place;
""",
    leftovers=((DELETED, "INSERT INTO known_devices VALUES ('$stranger_id', '', now())"),),
    expiring={
        KnownDevice: lambda user_id, ended_at: {
            "user_id": user_id,
            "device_hash": str(ended_at).encode(),
            "used_at": ended_at - REMEMBERED_FOR,
        },
    },
)
