"""The API's routes: one file per resource."""

from app.api.routes import (
    bookings,
    cleanings,
    evaluations,
    feed,
    offers,
    profiles,
    sessions,
    users,
)

PREFIX = "/api/v1"
RESOURCES = (cleanings, feed, offers, bookings, users, sessions, profiles, evaluations)
"""In the order in which a path is looked for: what is asked most often comes first."""
