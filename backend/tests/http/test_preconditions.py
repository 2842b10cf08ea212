"""``If-Match``: a change of what one has not seen is refused, whatever the change is."""

import pytest

from tests.factories.scenes import make_scene
from tests.factories.users import Market
from tests.features import collected
from tests.operations import OPERATIONS

CHANGES: dict[str, tuple[str, str]] = collected("changes")
"""Who makes each change that honours it, and what happens before."""


def test_all_changes_of_single_things_are_here() -> None:
    honouring = {str(item) for item in OPERATIONS if "if-match" in item.parameters("header")}
    assert honouring == CHANGES.keys()


@pytest.mark.parametrize("operation", CHANGES)
async def test_is_honoured(market: Market, operation: str) -> None:
    role, story = CHANGES[operation]
    scene = await make_scene(market, story)
    before = await scene.log()
    for tags in ('"99"', "1", '"x", "98"'):
        response = await scene.act(role, operation, headers={"If-Match": tags})
        assert response.status_code == 412
        assert response.json()["code"] == "precondition_failed"
    events = {(it["subject"], it["kind"]) for it in await scene.log() if it not in before}
    assert events <= {("user", "created")}  # a member of staff has an account once they act
    response = await scene.act(role, operation, headers={"If-Match": '"98", "1", "2"'})
    assert response.is_success


class TestTags:
    @pytest.mark.parametrize(
        "tags",
        [
            *('"1"', 'W/"1"', '"1-gzip"', '"1--gzip"', 'W/"1-br"', "*", ' "98" ,, "1"', '"1",'),
            '"a,b", "1"',
        ],
    )
    async def test_match_as_proxies_write_them(self, market: Market, tags: str) -> None:
        scene = await make_scene(market)
        response = await scene.act("owner", "edit_cleaning", headers={"If-Match": tags})
        assert response.status_code == 200

    @pytest.mark.parametrize(
        "tags",
        [
            *("", "1", "W/1", "'1'", '"1', 'w/"1"', '"1" x', '"1", *', '"1-"', '"1-pdf"', '"-1"'),
            *('"01x"', '"a,1"', '"1"' + ', "2' * 99),
        ],
    )
    async def test_that_are_not_ours_match_nothing(self, market: Market, tags: str) -> None:
        scene = await make_scene(market)
        response = await scene.act("owner", "edit_cleaning", headers={"If-Match": tags})
        assert response.status_code == 412

    async def test_are_those_of_all_headers(self, market: Market) -> None:
        scene = await make_scene(market)
        headers = [("If-Match", '"98"'), ("If-Match", '"1"')]
        headers.append(("Authorization", f"Bearer {scene.job.owner.token}"))
        change = {"description": "The kitchen only"}
        response = await market.client.patch(scene.job.path, json=change, headers=headers)
        assert response.status_code == 200
