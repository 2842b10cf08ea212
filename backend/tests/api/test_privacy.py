"""Privacy: what is held of somebody is shown to whom the register names, and erased as it says."""

from typing import Any

from fastapi import FastAPI

from app.db.models.privacy import Tier
from tests.canaries import ENTRIES, UNABLE, Canary, make_canary, shown_to
from tests.factories.users import Actor, Market, block, make_user
from tests.mail import deliver

FOR_ALL = Tier.OPEN, Tier.PUBLIC


async def dump(app: FastAPI) -> str:
    """All rows of all tables."""
    database = app.state.database
    tables = await database.fetch(
        "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'", ()
    )
    rows: list[Any] = []
    for (table,) in tables:
        rows += await database.fetch(f"SELECT to_json(row)::text FROM {table} row", ())  # noqa: S608
    return "\n".join(row[0] for row in rows)


async def seen_by(viewer: Actor, canary: Canary) -> str:
    """All that somebody gets to see of somebody else."""
    texts = [(await viewer.get(path)).text for path in canary.paths]
    return "\n".join(texts)


def found(values: set[str], text: str) -> set[str]:
    """Those of some values that stand in a text."""
    return {value for value in values if value in text}


class TestEveryPersonalColumn:
    async def test_is_filled_by_somebody_who_does_everything(self, market: Market) -> None:
        canary = await make_canary(market)
        empty = {
            str(entry)
            for entry in ENTRIES
            if f"{entry.holding.table}.{entry.column}" not in UNABLE
            and not await canary.values(entry)
        }
        assert empty == set()


class TestWhatIsHeldOfSomebody:
    async def test_is_shown_to_a_stranger_if_it_is_public(self, market: Market) -> None:
        canary = await make_canary(market, live=True)
        public = await canary.telling(shown_to(*FOR_ALL))
        others = await canary.telling(shown_to(Tier.PARTICIPANT, Tier.PRIVATE, Tier.INTERNAL))
        seen = await seen_by(await make_user(market), canary)
        assert found(others - public, seen) == set()
        assert canary.actor.username in seen

    async def test_is_shown_to_the_other_side_unless_it_is_private(self, market: Market) -> None:
        canary = await make_canary(market, live=True)
        shared = await canary.telling(shown_to(*FOR_ALL, Tier.PARTICIPANT))
        others = await canary.telling(shown_to(Tier.PRIVATE, Tier.INTERNAL))
        seen = await seen_by(canary.other, canary)
        assert found(others - shared, seen) == set()
        assert canary.actor.email in seen

    async def test_is_exported_unless_it_is_internal(self, market: Market) -> None:
        canary = await make_canary(market)
        response = await canary.actor.get("/users/me/export")
        assert response.status_code == 200
        missing = {
            (str(entry), value)
            for entry in shown_to(*FOR_ALL, Tier.PARTICIPANT, Tier.PRIVATE)
            for value in (await canary.values(entry)).values()
            if value not in response.text
        }
        assert missing == set()
        assert found(await canary.telling(shown_to(Tier.INTERNAL)), response.text) == set()


class TestBlocking:
    async def test_hides_the_profile_wherever_it_is_shown(self, market: Market) -> None:
        canary = await make_canary(market, live=True)
        profile = await canary.telling(
            entry for entry in shown_to(*FOR_ALL) if entry.holding.table == "profiles"
        )
        viewers = [canary.other, await make_user(market)]
        for viewer in viewers:
            assert found(profile, await seen_by(viewer, canary)) == profile
        await block(market, canary.actor)
        for viewer in viewers:
            assert found(profile, await seen_by(viewer, canary)) == set()
        evaluations = f"/profiles/{canary.other.username}/evaluations"
        (evaluation, *_) = (await canary.other.get(evaluations)).json()["items"]
        assert evaluation["author"]["username"] == canary.actor.username


KEPT = [entry for entry in ENTRIES if entry.field.kept]
ERASED = [entry for entry in ENTRIES if not entry.field.kept]


CHANGED = {"updated_at", "name_hash"}
"""What is kept but not as it was: of a freed username, the row no longer says whose it was."""


class TestDeletingOnesAccount:
    async def test_erases_it_unless_there_is_a_reason_to_keep_it(self, market: Market) -> None:
        canary = await make_canary(market)
        before = {entry: await canary.values(entry) for entry in ENTRIES}
        assert (await canary.actor.delete("/users/me")).status_code == 204
        after = {entry: await canary.values(entry) for entry in ENTRIES}
        left = {
            (str(entry), value)
            for entry in ERASED
            for key, value in before[entry].items()
            if after[entry].get(key) == value
        }
        assert left == set()
        lost = {
            (str(entry), value)
            for entry in KEPT
            for key, value in before[entry].items()
            if after[entry].get(key) != value and entry.column not in CHANGED
        }
        assert lost == set()

    async def test_leaves_no_copy_of_it_anywhere(self, market: Market) -> None:
        canary = await make_canary(market)
        values = await canary.telling(ERASED) - await canary.telling(KEPT)
        assert found(values, await dump(market.app)) == values
        assert (await canary.actor.delete("/users/me")).status_code == 204
        await deliver(market)  # which deletes files, and forgets their names
        assert found(values, await dump(market.app)) == set()
