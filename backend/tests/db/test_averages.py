"""Averages are rounded alike where PostgreSQL shows them and where Python does."""

from fastapi import FastAPI
from sqlalchemy import ARRAY, Float, func, select

from app.db.models.evaluations import average, shown_average
from app.db.repositories.person_views import rounded
from app.postgres.statements import Statement, argument
from app.postgres.transactions import Transaction

MOST = 240
"""How many evaluations; 8 and 200 have averages that lie halfway between two hundredths."""

EXACT = func.unnest(argument("exact", ARRAY(Float()))).column_valued("exact")
ROUNDING = Statement(select(rounded(EXACT).label("shown")))


async def test_all_averages_are_rounded_alike(app: FastAPI) -> None:
    given = []
    for number in range(1, MOST + 1):
        for total in range(number, 5 * number + 1):
            stars, more = divmod(total, number)
            times = [0] * 6
            times[stars - 1], times[stars] = number - more, more
            given.append(times[:5])

    async def work(transaction: Transaction) -> list[float]:
        rows = await ROUNDING.fetch(transaction, exact=[average(times) for times in given])
        return [row["shown"] for row in rows]

    shown = await app.state.database.run(work)
    assert shown == [shown_average(times) for times in given]
