"""Export, erasure and expiry of events."""

from app.db.models.events import Event
from app.db.models.privacy.events import EventExport
from app.db.repositories.base import CALLER_ID, json_object
from app.db.repositories.privacy import Part, Privacy, Section
from app.postgres.statements import col

EVENTS = Part(
    source=Event,
    item=json_object(EventExport, Event),
    key=col(Event.id),
    own=col(Event.actor_id) == CALLER_ID,
)

PRIVACY = Privacy(export=(Section("events", EventExport, (EVENTS,)),))
