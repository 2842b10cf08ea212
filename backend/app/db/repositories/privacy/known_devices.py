"""Export, erasure and expiry of known devices."""

from sqlalchemy import delete

from app.db.models.known_devices import KnownDevice
from app.db.models.privacy.known_devices import KnownDeviceExport
from app.db.models.sessions import REMEMBERED_FOR
from app.db.repositories.base import CALLER_ID, MOMENT, USER_ID, json_object
from app.db.repositories.privacy import Part, Privacy, Section, deleting_expired
from app.postgres.statements import col

KNOWN_DEVICES = Part(
    source=KnownDevice,
    item=json_object(KnownDeviceExport, KnownDevice),
    key=col(KnownDevice.used_at),
    own=col(KnownDevice.user_id) == CALLER_ID,
)

PRIVACY = Privacy(
    export=(Section("known_devices", KnownDeviceExport, (KNOWN_DEVICES,)),),
    erase=(delete(KnownDevice).where(col(KnownDevice.user_id) == USER_ID),),
    expire=(deleting_expired(KnownDevice, col(KnownDevice.used_at) <= MOMENT - REMEMBERED_FOR),),
)
