"""Rows that are read, changed, added, and written in a transaction."""

from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any

import pytest
from fastapi import FastAPI

from app.db.models.bookings import Role
from app.db.models.cleanings import Cleaning
from app.db.models.evaluations import Rating
from app.db.models.events import Event
from app.db.models.fields import new_id
from app.db.models.kinds import EventKind
from app.db.models.kinds.users import UserEvent
from app.db.models.profiles import Profile
from app.db.models.states.cleanings import CleaningStatus
from app.db.models.terms import CleaningUpdate
from app.db.models.users import User
from app.postgres.tables import Values, table_of
from app.postgres.transactions import Transaction
from tests.factories.cleanings import make_cleaning
from tests.factories.users import Actor, Market, make_user
from tests.rows import get
from tests.statements import Heard, recorded

pytestmark = pytest.mark.committed


@pytest.fixture
async def user(market: Market) -> Actor:
    return await make_user(market)


@pytest.fixture
async def heard(app: FastAPI) -> AsyncIterator[list[Heard]]:
    """What is asked of the database from now on."""
    async with recorded(app) as statements:
        yield statements


def writes(heard: list[Heard]) -> list[str]:
    """The beginnings of the statements that write."""
    return [
        statement.sql.partition(" WHERE ")[0]
        for statement in heard
        if statement.sql.startswith(("INSERT", "UPDATE", "WITH event AS"))
    ]


def event(user: Actor, kind: EventKind) -> Event:
    return Event(actor_id=user.id, subject=UserEvent.subject, subject_id=user.id, kind=kind)


class TestARowThatWasRead:
    async def test_has_the_values_of_its_fields(self, market: Market, user: Actor) -> None:
        job = await make_cleaning(market, user)
        async with market.app.state.database.write() as transaction:
            row = await get(transaction, Cleaning, job.data["id"])
        assert row.status is CleaningStatus.OPEN
        assert row.terms == {name: job.data[name] for name in row.terms}
        assert row.owner_id == user.id

    async def test_is_written_where_it_has_changed(
        self, market: Market, user: Actor, heard: list[Heard]
    ) -> None:
        async with market.app.state.database.write() as transaction:
            row = await get(transaction, Profile, user.id)
            row.bio = "Windows are my joy."
            await transaction.flush()
            row.bio = "Ovens are."
            row.full_name = row.full_name
        assert writes(heard) == ["UPDATE profiles SET bio=$1::VARCHAR"] * 2
        assert (await user.get("/profiles/me")).json()["bio"] == "Ovens are."

    async def test_is_left_alone_if_it_is_the_same(
        self, market: Market, user: Actor, heard: list[Heard]
    ) -> None:
        async with market.app.state.database.write() as transaction:
            row = await get(transaction, User, user.id)
            row.username = str(row.username)
        assert writes(heard) == []


class TestANewRow:
    async def test_is_written_before_the_next_statement(self, market: Market, user: Actor) -> None:
        rating = Rating(user_id=user.id, role=Role.CLEANER, overall_rating=[0, 0, 0, 0, 1])
        async with market.app.state.database.write() as transaction:
            transaction.add(rating)
            rows = await transaction.fetch("SELECT * FROM ratings", ())
        assert [dict(row) for row in rows] == [rating.model_dump()]

    async def test_is_written_once(self, market: Market, user: Actor, heard: list[Heard]) -> None:
        async with market.app.state.database.write() as transaction:
            transaction.add(event(user, UserEvent.EDITED))
            await transaction.flush()
            await transaction.flush()
        assert len(writes(heard)) == 1

    async def test_is_written_together_with_those_of_its_kind(
        self, market: Market, user: Actor, heard: list[Heard]
    ) -> None:
        kinds = list(UserEvent)
        async with market.app.state.database.write() as transaction:
            for kind in kinds:
                transaction.add(event(user, kind))
        assert len(writes(heard)) == 1
        rows = await market.app.state.database.fetch("SELECT kind FROM events ORDER BY id", ())
        assert [row["kind"] for row in rows] == [UserEvent.CREATED, *kinds]  # first, the account

    @pytest.mark.parametrize("values", [{}, {"actor_id": None, "colour": "red"}])
    def test_has_all_its_values_and_no_other(self, values: dict[str, Any]) -> None:
        with pytest.raises(TypeError, match="Event"):
            Event(**values)

    def test_takes_no_field_that_its_table_lacks(self, user: Actor) -> None:
        row: Any = event(user, UserEvent.EDITED)
        with pytest.raises(ValueError, match="colour"):
            row.colour = "red"

    def test_has_defaults_of_its_own(self, user: Actor) -> None:
        one, other = event(user, UserEvent.EDITED), event(user, UserEvent.EDITED)
        assert one.id != other.id
        assert one.payload == {}
        assert one.payload is not other.payload


async def test_a_transaction_that_fails_writes_nothing(market: Market, user: Actor) -> None:
    async def work(transaction: Transaction) -> None:
        row = await get(transaction, Profile, user.id)
        row.bio = "half done"
        await transaction.flush()
        raise KeyError

    with pytest.raises(KeyError):
        await market.app.state.database.run(work)
    assert (await user.get("/profiles/me")).json()["bio"] is None


def update_of(job: Cleaning, before: Values) -> str:
    table = table_of(Cleaning)
    return table.update(table.changes(job, before), before).statement.compiled.sql


def test_all_edits_of_a_job_are_one_statement() -> None:
    job = Cleaning(owner_id=new_id(), name="Oven", price=Decimal(50), currency="EUR", language="en")
    before = dict(table_of(Cleaning).values(job))
    statements = set()
    for name in CleaningUpdate.model_fields:
        setattr(job, name, "another")
        statements.add(update_of(job, before))
        setattr(job, name, before[name])
    assert len(statements) == 1
    assert "search" in statements.pop()
    job.status = CleaningStatus.BOOKED
    assert "search" not in update_of(job, before)
