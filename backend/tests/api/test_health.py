"""Whether the service lives, and whether it can work."""

import pytest
from fastapi import FastAPI
from httpx import AsyncClient, Response

from tests.unreachable import client_without_database


async def ready_after(app: FastAPI, client: AsyncClient, statement: str) -> Response:
    async with app.state.database.write() as transaction:
        await transaction.fetch("RESET ROLE", ())  # the service itself may not do this
        await transaction.fetch(statement, ())
    return await client.get("http://test/readyz")


class TestBeingUp:
    async def test_is_said(self, client: AsyncClient) -> None:
        response = await client.get("http://test/healthz")
        assert response.status_code == 200
        assert response.json() == {"status": "ok"}

    async def test_needs_no_database(self) -> None:
        async with client_without_database() as client:
            assert (await client.get("http://test/healthz")).status_code == 200


class TestBeingReady:
    async def test_is_said(self, client: AsyncClient) -> None:
        response = await client.get("http://test/readyz")
        assert response.status_code == 200
        assert response.json() == {"status": "ok"}

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE alembic_version SET version_num = 'f60e660f0150'",
            "INSERT INTO alembic_version VALUES ('of another branch')",
            "DELETE FROM alembic_version",
            "DROP TABLE alembic_version",
        ],
    )
    async def test_needs_the_migrations_of_this_version(
        self, app: FastAPI, client: AsyncClient, statement: str
    ) -> None:
        response = await ready_after(app, client, statement)
        assert response.status_code == 503
        assert response.json()["code"] == "migrations_missing"
        assert response.headers["Retry-After"]

    async def test_goes_on_while_a_newer_version_takes_over(
        self, app: FastAPI, client: AsyncClient
    ) -> None:
        response = await ready_after(
            app, client, "UPDATE alembic_version SET version_num = 'newer'"
        )
        assert response.status_code == 200

    async def test_needs_the_database(self) -> None:
        async with client_without_database() as client:
            response = await client.get("http://test/readyz")
        assert response.status_code == 503
        assert response.json()["code"] == "database_unreachable"
