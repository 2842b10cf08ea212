"""What a unit of work guarantees: one object per row, no lost row, and the order of writes."""

from collections.abc import AsyncIterator, Collection
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import ColumnElement, Uuid, delete, select, update

from app.db.models.bookings import Role
from app.db.models.evaluations import Rating
from app.db.models.events import Event
from app.db.models.kinds.users import UserEvent
from app.db.models.profiles import Profile
from app.db.models.users import User
from app.postgres.batches import MOST_COMBINED, RowLost
from app.postgres.statements import Statement, argument, col
from app.postgres.tables import RowQuery
from app.postgres.transactions import Transaction
from tests.factories.users import Actor, Market, make_user
from tests.rows import get
from tests.statements import Heard, recorded

pytestmark = pytest.mark.committed

USER_ID = argument("user_id", Uuid())
RATINGS = RowQuery(select(Rating).where(col(Rating.user_id) == USER_ID).order_by(col(Rating.role)))
FORGET_RATINGS = Statement(delete(Rating).where(col(Rating.user_id) == USER_ID))
FORGET_RATING = Statement(
    delete(Rating).where(col(Rating.user_id) == USER_ID, col(Rating.role) == "owner")
)
NAME_AS_BIO = Statement(
    update(Profile).where(col(Profile.user_id) == USER_ID).values(full_name=col(Profile.bio))
)
COUNT: ColumnElement[int] = col(User.version) + 1
COUNT_CHANGE = Statement(update(User).where(col(User.id) == USER_ID).values(version=COUNT))


@pytest.fixture
async def user(market: Market) -> Actor:
    return await make_user(market)


@pytest.fixture
async def transaction(app: FastAPI) -> AsyncIterator[Transaction]:
    async with app.state.database.write() as transaction:
        yield transaction


@pytest.fixture
async def heard(app: FastAPI) -> AsyncIterator[list[Heard]]:
    """What is asked of the database from now on."""
    async with recorded(app) as statements:
        yield statements


def rating(user: Actor, role: Role) -> Rating:
    return Rating(user_id=user.id, role=role, overall_rating=[0, 0, 0, 0, 1])


def event(user: Actor) -> Event:
    return Event(
        actor_id=user.id, subject=UserEvent.subject, subject_id=user.id, kind=UserEvent.EDITED
    )


async def bio_of(user: Actor) -> Any:
    return (await user.get("/profiles/me")).json()["bio"]


class TestOneThatHasEnded:
    async def test_runs_no_more_statements(self, app: FastAPI) -> None:
        async with app.state.database.write() as transaction:
            pass
        with pytest.raises(RuntimeError, match="has ended"):
            await transaction.fetch("SELECT 1", ())


class TestOneObjectPerRow:
    async def test_is_read_again_as_the_same_object(
        self, transaction: Transaction, user: Actor
    ) -> None:
        row = await get(transaction, Profile, user.id)
        assert await get(transaction, Profile, user.id) is row

    async def test_is_what_was_added(self, transaction: Transaction, user: Actor) -> None:
        added = rating(user, Role.CLEANER)
        transaction.add(added)
        (row,) = await transaction.all(RATINGS, user_id=user.id)
        assert row is added

    async def test_keeps_a_change_that_was_not_flushed(
        self, transaction: Transaction, user: Actor
    ) -> None:
        row = await get(transaction, Profile, user.id)
        row.bio = "Windows are my joy."
        again = await get(transaction, Profile, user.id)
        assert again.bio == row.bio == "Windows are my joy."

    async def test_is_refreshed_by_what_was_read_again(
        self, transaction: Transaction, user: Actor
    ) -> None:
        row = await get(transaction, User, user.id)
        version = row.version
        transaction.put(COUNT_CHANGE, user_id=user.id)
        await get(transaction, User, user.id)
        assert row.version == version + 1
        row.touch()
        assert (await get(transaction, User, user.id)).version == version + 2

    async def test_may_be_added_twice(self, transaction: Transaction, user: Actor) -> None:
        added = rating(user, Role.CLEANER)
        transaction.add(added)
        transaction.add(added)
        assert len(await transaction.all(RATINGS, user_id=user.id)) == 1

    async def test_has_no_rival_with_the_same_key(
        self, transaction: Transaction, user: Actor
    ) -> None:
        transaction.add(rating(user, Role.CLEANER))
        with pytest.raises(ValueError, match=r"ratings.*already"):
            transaction.add(rating(user, Role.CLEANER))


class TestALostRow:
    """An UPDATE that does not hit its row, however it is sent."""

    async def lose(self, market: Market, user: Actor, changed: Collection[str]) -> None:
        async with market.app.state.database.write() as transaction:
            for role in Role:
                transaction.add(rating(user, role))
        async with market.app.state.database.write() as transaction:
            profile = await get(transaction, Profile, user.id)
            cleaner, owner = await transaction.all(RATINGS, user_id=user.id)
            await FORGET_RATING.fetch(transaction, user_id=user.id)
            owner.overall_rating = [1, 0, 0, 0, 0]
            if "another of its table" in changed:
                cleaner.overall_rating = [1, 0, 0, 0, 0]
            if "one of another table" in changed:
                profile.bio = "half done"

    @pytest.mark.parametrize(
        "others", [[], ["another of its table"], ["one of another table"]], ids=str
    )
    async def test_is_an_error_and_nothing_is_done(
        self, market: Market, user: Actor, others: list[str]
    ) -> None:
        with pytest.raises(RowLost, match="UPDATE of Rating"):
            await self.lose(market, user, others)
        async with market.app.state.database.write() as transaction:
            ratings = await transaction.all(RATINGS, user_id=user.id)
        assert [row.overall_rating for row in ratings] == [[0, 0, 0, 0, 1]] * 2
        assert await bio_of(user) is None


class TestAStatementThatWasPut:
    async def test_sees_the_changes_before_it_only(
        self, transaction: Transaction, user: Actor
    ) -> None:
        row = await get(transaction, Profile, user.id)
        row.bio = "Ovens"
        transaction.put(NAME_AS_BIO, user_id=user.id)
        row.bio = "Windows"
        await get(transaction, Profile, user.id)
        assert (row.full_name, row.bio) == ("Ovens", "Windows")

    async def test_leaves_alone_what_is_added_after_it(
        self, transaction: Transaction, user: Actor
    ) -> None:
        transaction.add(rating(user, Role.OWNER))
        transaction.put(FORGET_RATINGS, user_id=user.id)
        transaction.add(rating(user, Role.CLEANER))
        rows = await transaction.fetch("SELECT role FROM ratings", ())
        assert [row["role"] for row in rows] == [Role.CLEANER]


class TestWritesOfSeveralTables:
    async def test_are_one_statement_in_their_order(
        self, app: FastAPI, user: Actor, heard: list[Heard]
    ) -> None:
        async with app.state.database.write() as transaction:
            row = await get(transaction, Profile, user.id)
            row.bio = "Windows are my joy."
            transaction.add(rating(user, Role.OWNER))
            transaction.add(event(user))
        assert await bio_of(user) == "Windows are my joy."
        (sent,) = [it.sql for it in heard if "INSERT" in it.sql]
        words = ["UPDATE profiles", "INSERT INTO ratings", "INSERT INTO events"]
        assert sorted(words, key=sent.index) == words

    async def test_are_as_few_as_their_order_allows(
        self, app: FastAPI, user: Actor, heard: list[Heard]
    ) -> None:
        async with app.state.database.write() as transaction:
            for _ in range(2 * MOST_COMBINED):
                transaction.add(event(user))
            transaction.add(rating(user, Role.OWNER))
            transaction.add(event(user))
        assert len([it for it in heard if "INSERT" in it.sql]) == 2
