"""Whether the service lives, and whether it can work."""

import pytest
from fastapi import FastAPI
from httpx import AsyncClient, Response

from tests.unreachable import client_without_database


async def ready_after(app: FastAPI, client: AsyncClient, statement: str) -> Response:
    async with app.state.database.write() as transaction:
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
            "UPDATE alembic_version SET version_num = 'of another version'",
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
        assert response.json()["code"] == "other_migrations"
        assert response.headers["Retry-After"]

    async def test_needs_the_database(self) -> None:
        async with client_without_database() as client:
            response = await client.get("http://test/readyz")
        assert response.status_code == 503
        assert response.json()["code"] == "database_unreachable"
