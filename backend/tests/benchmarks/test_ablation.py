"""The programs of ``make bench-ablation``: each does the same as the service."""

import os
import subprocess
import sys

import pytest

from app.core.config import Settings
from benchmarks.ablation import WITHOUT
from tests.factories.users import PASSWORD
from tests.server import BACKEND, dsn

REGISTER = """
import asyncio, sys
from httpx import ASGITransport, AsyncClient
from uvicorn.importer import import_from_string

app = import_from_string(sys.argv[1])()
draft = {"username": "anna", "email": "anna@example.com", "password": sys.argv[2]}
form = {"username": "anna", "password": sys.argv[2]}

async def main():
    transport = ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        AsyncClient(transport=transport, base_url="http://test/api/v1") as client,
    ):
        (await client.post("/users", json=draft)).raise_for_status()
        tokens = (await client.post("/auth/token", data=form)).raise_for_status().json()
        client.headers["Authorization"] = f"Bearer {tokens['access_token']}"
        print((await client.get("/users/me")).raise_for_status().json()["username"])

asyncio.run(main())
"""


@pytest.mark.parametrize("factory", sorted({program.factory for program in WITHOUT}))
def test_each_registers_and_logs_in(factory: str, own_database: Settings) -> None:
    environment = {
        "PATH": os.environ["PATH"],
        "ENVIRONMENT": "development",
        "DATABASE_URL": dsn(own_database.sqlalchemy_url),
    }
    result = subprocess.run(  # noqa: S603 (all arguments are our own)
        [sys.executable, "-c", REGISTER, factory, PASSWORD],
        cwd=BACKEND,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    assert result.stdout.splitlines()[-1] == "anna"
