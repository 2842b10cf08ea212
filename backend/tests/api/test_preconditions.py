"""``If-Match``: a change of what one has not seen is refused, whatever the change is."""

import pytest

from tests.factories.scenes import make_scene
from tests.factories.users import Market
from tests.operations import OPERATIONS

BOOKED = "owner accept_offer"
CHANGES = {
    "change_user": ("owner", ""),
    "edit_profile": ("owner", ""),
    "edit_cleaning": ("owner", ""),
    "delete_cleaning": ("owner", ""),
    "cancel_cleaning": ("owner", ""),
    "revise_offer": ("cleaner", ""),
    "accept_offer": ("owner", ""),
    "reject_offer": ("owner", ""),
    "withdraw_offer": ("cleaner", ""),
    "renew_offer": ("cleaner", "cleaner withdraw_offer"),
    "complete_booking": ("owner", BOOKED),
    "cancel_booking": ("cleaner", BOOKED),
    "report_completion": ("cleaner", BOOKED),
    "miss_booking": ("owner", f"{BOOKED}, clock start"),
}
"""Who makes each change that honours it, and what happens before."""


def test_all_changes_of_single_things_are_here() -> None:
    honouring = {str(item) for item in OPERATIONS if "if-match" in item.parameters("header")}
    assert honouring == CHANGES.keys()


@pytest.mark.parametrize("operation", CHANGES)
async def test_is_honoured(market: Market, operation: str) -> None:
    role, story = CHANGES[operation]
    scene = await make_scene(market, story)
    before = await scene.log()
    for tags in ('"99"', 'W/"1"', "1", '"x", "98"'):
        response = await scene.act(role, operation, headers={"If-Match": tags})
        assert response.status_code == 412
        assert response.json()["code"] == "precondition_failed"
    assert await scene.log() == before
    response = await scene.act(role, operation, headers={"If-Match": '"98", "1", "2"'})
    assert response.is_success
