"""The API's routes: one file per resource."""

from fastapi import APIRouter

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

RESOURCES = (users, sessions, profiles, cleanings, offers, bookings, evaluations, feed)

api_router = APIRouter(prefix="/api/v1")
for resource in RESOURCES:
    api_router.include_router(resource.router)
