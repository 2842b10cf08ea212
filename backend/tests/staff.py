"""Staff, and their measures against accounts."""

from typing import Any

from httpx import Response

from app.db.models.users import UserRole
from tests.factories.users import Actor, Market, make_user

USER, STAFF, SUPERUSER = UserRole
GROUNDS = {"reason": "Asks cleaners to pay in advance."}
AUDITED = GROUNDS | {"rule": "terms"}
"""The audit of a restriction whose rule was not named."""

ACTS = {
    "block": ("POST", "block", GROUNDS),
    "unblock": ("DELETE", "block", None),
    "deactivate": ("POST", "deactivation", GROUNDS),
    "reactivate": ("DELETE", "deactivation", None),
    "end sessions": ("DELETE", "sessions", None),
    "cancel a removal": ("DELETE", "second-factor-removal", None),
    "give a role": ("PUT", "role", {"role": "user"}),
}
"""What is done to accounts: the method, the end of the path, and the body."""
READS = {"account_read", "accounts_listed", "audit_read"}
"""What is only read of them, see test_staff_reads.py."""


async def make_staff(market: Market, **columns: Any) -> Actor:
    return await make_user(market, **{"role": STAFF, **columns})


async def act(caller: Actor, on: Actor, what: str) -> Response:
    method, end, body = ACTS[what]
    return await caller.request(method, f"/admin/users/{on.id}/{end}", json=body)


async def audited(staff: Actor, user: Actor) -> list[tuple[Any, ...]]:
    """The changes of an account: what, by which actor, with which details; newest first."""
    return [
        (entry["action"], entry["actor"] and entry["actor"]["username"], entry["details"])
        for entry in await staff.items("/admin/audit", user_id=str(user.id))
        if entry["action"] not in READS
    ]
