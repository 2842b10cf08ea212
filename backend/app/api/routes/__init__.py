"""The API's routes: one file per resource."""

from app.api.routes import (
    administration,
    api_keys,
    audit,
    bookings,
    cleanings,
    evaluations,
    exports,
    feed,
    hiding,
    links,
    offers,
    profiles,
    removals,
    second_factors,
    sessions,
    users,
)
from app.http.transactions import TransactionalRoute

PREFIX = "/api/v1"
RESOURCES = (
    cleanings,
    feed,
    offers,
    bookings,
    users,
    exports,
    sessions,
    second_factors,
    api_keys,
    links,
    profiles,
    evaluations,
    administration,
    removals,
    audit,
    hiding,
)
ROUTES = [
    (f"{PREFIX}{route.path}", route)
    for resource in RESOURCES
    for route in resource.router.routes
    if isinstance(route, TransactionalRoute)
]
"""The routes, each with its path in the service."""
