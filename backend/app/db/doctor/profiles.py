"""Checks of profiles."""

from app.db.doctor.log import actors
from app.db.models.events import Event
from app.db.models.kinds.profiles import ProfileEvent

CHECKS = (
    actors(
        "profiles_actors",
        "Profiles are edited by their owners.",
        {ProfileEvent.EDITED: Event.subject_id},
    ),
)
